using System.Collections;

namespace Vprox.Contracts.Tests;

/// <summary>An instance of a contract with every member set, made from its own definition so that none is forgotten.</summary>
internal static class Sample
{
    public static object Of(Type type)
    {
        var message = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties()) property.SetValue(message, Value(property.PropertyType, property.Name));
        return message;
    }

    private static object Value(Type type, string name)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return $"{char.ToLowerInvariant(name[0])}{name[1..]}-1";
        if (type == typeof(int)) return 7;
        if (type == typeof(long)) return 5_000_000_000L;
        if (type == typeof(double)) return 1.5;
        if (type == typeof(bool)) return true;
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        if (type == typeof(IReadOnlyDictionary<string, double>)) return new Dictionary<string, double> { ["assign"] = 12.5 };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type.GetGenericArguments()))!;
            list.Add(Value(type.GetGenericArguments()[0], name));
            return list;
        }
        return Of(type);
    }
}
