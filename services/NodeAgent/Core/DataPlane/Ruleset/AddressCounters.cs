using System.Globalization;

namespace Vprox.NodeAgent.Core.DataPlane.Ruleset;

/// <summary>
/// The two named counters of an address, for what it sends and what it receives. One rule for each direction finds them by the tunnel in a map, so that a
/// packet costs the same whatever the number of addresses. They are objects of their own and not counters of elements: an element may go and come.
/// </summary>
internal static class AddressCounters
{
    private const string SentPrefix = "sent";
    private const string ReceivedPrefix = "received";

    /// <summary>The counter of what containers send through an address.</summary>
    public static string Sent(int listenPort) => string.Create(CultureInfo.InvariantCulture, $"{SentPrefix}{listenPort}");

    /// <summary>The counter of what containers receive through an address.</summary>
    public static string Received(int listenPort) => string.Create(CultureInfo.InvariantCulture, $"{ReceivedPrefix}{listenPort}");

    /// <summary>The counters of an address.</summary>
    public static IEnumerable<NftObject> Objects(DesiredAddress address) =>
        from name in (string[])[Sent(address.ListenPort), Received(address.ListenPort)]
        select new NftObject { Kind = NftObject.Counter, Name = name, Definition = [] };

    /// <summary>The address, by its listen port, and the direction that a counter is for; null for other counters.</summary>
    public static (int ListenPort, bool Outgoing)? Parse(string name) =>
        PortAfter(SentPrefix, name) is { } sent ? (sent, true)
        : PortAfter(ReceivedPrefix, name) is { } received ? (received, false)
        : null;

    private static int? PortAfter(string prefix, string name) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && ushort.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : null;
}
