using System.Text;
using MassTransit;

namespace Vprox.Bus.Messaging;

/// <summary>The names of all exchanges: <c>vprox.</c> and the message's name in kebab case, e.g. vprox.proxy-requested.</summary>
public static class ExchangeNames
{
    /// <summary>The exchange a message is published to.</summary>
    public static string Of(Type message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var name = new StringBuilder("vprox.");
        AppendKebab(name, message);
        return name.ToString();
    }

    /// <summary>The exchange a message is published to.</summary>
    public static string Of<T>() => Of(typeof(T));

    private static void AppendKebab(StringBuilder name, Type type)
    {
        var bare = type.Name.Split('`')[0];
        for (var i = 0; i < bare.Length; i++)
        {
            if (char.IsUpper(bare[i]) && i > 0) name.Append('-');
            name.Append(char.ToLowerInvariant(bare[i]));
        }
        foreach (var argument in type.GetGenericArguments()) AppendKebab(name.Append('.'), argument);
    }

    internal sealed class Formatter : IEntityNameFormatter
    {
        public string FormatEntityName<T>() => Of<T>();
    }
}
