using System.Text;
using MassTransit;
using Vprox.Contracts;

namespace Vprox.Bus.Messaging;

/// <summary>The names of all exchanges: <c>vprox.</c> and the message's name in kebab case, e.g. vprox.proxy-requested.</summary>
public static class ExchangeNames
{
    private static readonly HashSet<Type> NotPublished =
    [
        typeof(ProxyAddress), typeof(PlacedPeer), typeof(NodeNetworkInterface),
        typeof(GrantIssued), typeof(GrantRefused), typeof(NodeSnapshot), typeof(FleetSnapshot),
    ];

    /// <summary>All messages that have an exchange: the contracts but those that are parts of others or sent as answers.</summary>
    public static IReadOnlyList<Type> Messages { get; } = [.. typeof(ContainerStarted).Assembly.GetExportedTypes()
        .Where(type => type.IsClass && !type.IsAbstract && !NotPublished.Contains(type))
        .OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>The exchange's type: <c>direct</c> where the routing key names the receiver, otherwise <c>fanout</c>.</summary>
    public static string TypeOf(Type message) =>
        message == typeof(ContainerStarted) || message == typeof(ContainerStopped) ? "direct" : "fanout";

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
