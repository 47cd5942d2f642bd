using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Vprox.Bus.Hosting;

/// <summary>Reads one section into its options class and names every key that is unknown, unreadable or refused by the class.</summary>
internal static class OptionsReader
{
    public static T Read<T>(IConfiguration configuration, string section, List<string> errors) where T : class, IValidatedOptions, new()
    {
        var values = configuration.GetSection(section);
        var found = new List<string>();
        AddUnknownKeys(values, typeof(T), found);
        var options = new T();
        Bind(values, options, found);
        // The class judges only what was read completely: half-bound options would add errors that are none.
        if (found.Count == 0) found.AddRange(options.Errors().Select(error => $"{section}:{error}"));
        errors.AddRange(found);
        return options;
    }

    private static void Bind(IConfigurationSection section, object options, List<string> errors)
    {
        // Key by key, so that one unreadable value does not hide the others.
        foreach (var property in Properties(options.GetType()))
        {
            var value = section.GetSection(property.Name);
            if (!value.Exists()) continue;
            try
            {
                var only = new ConfigurationBuilder().AddInMemoryCollection(value.AsEnumerable()
                    .Where(pair => pair.Value is not null)
                    .Select(pair => KeyValuePair.Create(pair.Key[(section.Path.Length + 1)..], pair.Value))).Build();
                only.Bind(options);
            }
            catch (InvalidOperationException unreadable)
            {
                errors.Add($"{value.Path}: '{value.Value}' is not a {Describe(property.PropertyType)} ({unreadable.InnerException?.Message ?? unreadable.Message})");
            }
        }
    }

    private static void AddUnknownKeys(IConfigurationSection section, Type type, List<string> errors)
    {
        if (ElementType(type) is { } element)
        {
            foreach (var item in section.GetChildren()) AddUnknownKeys(item, element, errors);
            return;
        }
        if (IsLeaf(type)) return;
        var properties = Properties(type);
        foreach (var child in section.GetChildren())
        {
            var property = properties.FirstOrDefault(p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
                errors.Add($"{child.Path}: unknown option; known are {string.Join(", ", properties.Select(p => p.Name))}");
            else
                AddUnknownKeys(child, property.PropertyType, errors);
        }
    }

    private static PropertyInfo[] Properties(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite || ElementType(p.PropertyType) is not null)];

    private static bool IsLeaf(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare.IsPrimitive || bare.IsEnum || bare == typeof(string) || bare.Namespace == "System";
    }

    private static Type? ElementType(Type type)
    {
        if (type.IsArray) return type.GetElementType();
        if (type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type)) return null;
        return type.IsGenericType ? type.GetGenericArguments()[^1] : null;
    }

    private static string Describe(Type type) => (Nullable.GetUnderlyingType(type) ?? type).Name switch
    {
        "Int32" or "Int64" or "UInt16" => "whole number",
        "Double" => "number",
        "Boolean" => "true or false",
        "TimeSpan" => "duration such as 00:00:05 or 00:00:00.250",
        var name => name,
    };
}
