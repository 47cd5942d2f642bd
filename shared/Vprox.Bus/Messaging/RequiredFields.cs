using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace Vprox.Bus.Messaging;

/// <summary>
/// Finds explicit nulls where a contract says that there are none: <c>required</c> makes the deserializer refuse a missing member,
/// but <c>"proxyId": null</c> passes it.
/// </summary>
internal static class RequiredFields
{
    private static readonly ConcurrentDictionary<Type, Member[]> Known = new();

    private sealed record Member(PropertyInfo Property, bool MayBeNull, bool ElementsMayBeNull);

    /// <summary>The path of the first null that must not be, in camel case as on the wire; null when there is none.</summary>
    public static string? FirstNull(object message)
    {
        foreach (var member in Known.GetOrAdd(message.GetType(), Members))
        {
            var name = char.ToLowerInvariant(member.Property.Name[0]) + member.Property.Name[1..];
            var value = member.Property.GetValue(message);
            if (value is null)
            {
                if (!member.MayBeNull) return name;
            }
            else if (value is IEnumerable list and not string)
            {
                var index = 0;
                foreach (var item in list)
                {
                    if (item is null && !member.ElementsMayBeNull) return $"{name}[{index}]";
                    if (item is not null && IsContract(item.GetType()) && FirstNull(item) is { } inner) return $"{name}[{index}].{inner}";
                    index++;
                }
            }
            else if (IsContract(value.GetType()) && FirstNull(value) is { } inner)
            {
                return $"{name}.{inner}";
            }
        }
        return null;
    }

    private static Member[] Members(Type type)
    {
        var nullability = new NullabilityInfoContext();
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => !p.PropertyType.IsValueType).Select(property =>
        {
            var info = nullability.Create(property);
            var element = info.GenericTypeArguments.LastOrDefault() ?? info.ElementType;
            return new Member(property, info.ReadState == NullabilityState.Nullable, element?.ReadState == NullabilityState.Nullable);
        })];
    }

    private static bool IsContract(Type type) => type.Namespace == "Vprox.Contracts";
}
