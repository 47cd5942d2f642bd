using System.Reflection;
using System.Runtime.CompilerServices;

namespace Vprox.Contracts.Tests;

/// <summary>A line per member of every contract: what it is called on the wire, its type, and whether it must be there.</summary>
internal static class Schema
{
    public static IReadOnlyList<Type> Contracts { get; } = [.. typeof(ContainerStarted).Assembly.GetExportedTypes()
        .Where(type => type.IsClass && !type.IsAbstract).OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static IReadOnlyList<string> Lines { get; } = [.. Contracts.SelectMany(type => type.GetProperties()
        .Select(property => $"{type.Name}.{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]}: {Name(property)} {(IsRequired(property) ? "required" : "optional")}")
        .Order(StringComparer.Ordinal))];

    private static bool IsRequired(PropertyInfo property) => property.GetCustomAttribute<RequiredMemberAttribute>() is not null;

    private static string Name(PropertyInfo property)
    {
        var name = Name(property.PropertyType);
        var nullable = new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
        return nullable ? name + "?" : name;
    }

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value);
        if (!type.IsGenericType) return type.Name;
        return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
