using System.Globalization;
using Vprox.Addressing;
using Vprox.Netlink;

namespace Vprox.NodeAgent.Core.DataPlane.Shaping;

/// <summary>
/// What traffic control shall hold: on each ENI an HTB tree for what leaves, in which nft's "meta priority" names the class, and on an ifb a second one
/// for what comes, in which a u32 hash over the destination does. Each address has a class in both, and a queue in it. An ENI of which nothing is asked
/// stays as it was: no tree, no redirection, no cost.
/// </summary>
internal static class DesiredShaping
{
    private const uint FirstTable = 0x800;
    private const uint AddressTable = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    /// <summary>Builds it; nothing when the kernel cannot shape.</summary>
    public static ShapingState For(DesiredNode desired, DataPlaneOptions options)
    {
        if (options.Shaping is not { } shaping)
            return ShapingState.None;
        var shares = Shares(desired, shaping);
        var objects = new Dictionary<TrafficKey, TrafficObject>();
        var shaped = desired.NetworkInterfaces.Where(eni => IsShaped(eni, desired, shaping)).ToList();
        foreach (var eni in shaped)
        {
            var addresses = desired.Addresses.Where(address => ShapedLink(address) == eni.LinkName).ToList();
            var block = ShapingTree.BlockOf(eni.LinkName);
            IEnumerable<TrafficObject> all =
            [
                .. Tree(eni.LinkName, addresses, shares, shaping, outgoing: true),
                .. Tree(block, addresses, shares, shaping, outgoing: false),
                .. Classifier(block, addresses),
                .. Redirection(eni, block, options.HttpsPort),
            ];
            foreach (var item in all)
                objects.Add(item.Key, item);
        }
        return new ShapingState
        {
            Blocks = shaped.ToDictionary(eni => ShapingTree.BlockOf(eni.LinkName), _ => true),
            Objects = objects,
            Foreign = new HashSet<TrafficKey>(),
        };
    }

    /// <summary>What the operator should know: guarantees that the link cannot keep.</summary>
    public static IReadOnlyList<string> Flaws(DesiredNode desired, DataPlaneOptions options)
    {
        if (options.Shaping is not { } shaping)
            return [];
        var guaranteed = desired.Addresses.Sum(address => (long)(address.Bandwidth.GuaranteedMbps ?? 0));
        var kept = Shares(desired, shaping).Kept;
        return kept < 1
            ? [string.Create(CultureInfo.InvariantCulture, $"{guaranteed} Mbit/s are guaranteed and the link carries {shaping.LinkMbps}, every packet twice: each guarantee is kept to {kept:P0}")]
            : guaranteed > 0 && shaping.LinkMbps is null
            ? ["guarantees hold only as far as ceilings leave room: NodeAgent:LinkMbps does not say what the link carries"]
            : [];
    }

    /// <summary>What stays unshaped because somebody else's qdisc is a link's root.</summary>
    public static IEnumerable<string> Flaws(ShapingState actual) => actual.Foreign
        .Where(key => key.Handle == ShapingTree.Root.Value)
        .Select(key => $"what leaves by {key.Link} is not shaped: its root qdisc is somebody else's (tc qdisc show dev {key.Link})");

    /// <summary>The addresses that are shaped, each with its class.</summary>
    public static IEnumerable<(DesiredAddress Address, TrafficHandle Class)> Classes(DesiredNode desired, DataPlaneOptions options) =>
        options.Shaping is not { } shaping ? [] :
            from eni in desired.NetworkInterfaces
            where IsShaped(eni, desired, shaping)
            from address in desired.Addresses
            where ShapedLink(address) == eni.LinkName
            select (address, ShapingTree.ClassOf(address.ListenPort));

    /// <summary>How the node's link is divided.</summary>
    public static LinkShares Shares(DesiredNode desired, ShapingOptions options) =>
        new(options, desired.Addresses.Sum(address => (long)(address.Bandwidth.GuaranteedMbps ?? 0)));

    // With a known link all trees stand before the first address comes; without, an ENI gets one with the first address that asks for a rate.
    private static bool IsShaped(DesiredNetworkInterface eni, DesiredNode desired, ShapingOptions options) =>
        options.LinkMbps is not null || desired.Addresses.Any(address => address.Bandwidth != Bandwidth.Any && ShapedLink(address) == eni.LinkName);

    // An address that has not arrived has its class where it is awaited, so that its first packet is shaped.
    private static string? ShapedLink(DesiredAddress address) => address.LinkName ?? address.AwaitedLinkName;

    private static IEnumerable<TrafficObject> Tree(string link, List<DesiredAddress> addresses, LinkShares shares, ShapingOptions options, bool outgoing)
    {
        yield return new ShapingQdisc(link, TrafficHandle.Root, ShapingTree.Root, new HtbQdisc(ShapingTree.Rest.Minor));
        yield return new ShapingClass(link, TrafficHandle.Root, ShapingTree.Top, shares.Top);
        yield return new ShapingClass(link, ShapingTree.Top, ShapingTree.Rest, shares.RestOf(addresses.Select(address => address.Bandwidth)));
        foreach (var address in addresses)
        {
            var leaf = ShapingTree.LeafOf(address.ListenPort);
            var spec = shares.Of(address.Bandwidth);
            yield return new ShapingClass(link, ShapingTree.Top, ShapingTree.ClassOf(address.ListenPort), spec);
            yield return new ShapingQdisc(link, ShapingTree.ClassOf(address.ListenPort), leaf, Leaf(options.Leaf, spec));
            if (options.Leaf is LeafKind.FairByTunnel or LeafKind.StochasticByTunnel)
                yield return new ShapingFilter(link, leaf, 1, TunnelQueues.For(address, outgoing));
        }
    }

    private static QdiscSpec Leaf(LeafKind kind, HtbClassSpec spec) => kind switch
    {
        LeafKind.FairByTunnel or LeafKind.FairByFlow => new FqCodelQdisc(TunnelQueues.Count, DesiredKernel.TunnelMtu + 14),
        LeafKind.StochasticByTunnel => new SfqQdisc(),
        _ => new FifoQdisc(LinkShares.FifoLimit(spec)),
    };

    // A bucket for each last octet. Within an ENI's subnet, a /16 at most, the third octet tells the addresses of a bucket apart.
    private static IEnumerable<TrafficObject> Classifier(string block, List<DesiredAddress> addresses)
    {
        yield return new ShapingFilter(block, ShapingTree.Root, U32Key.Handle(AddressTable, 0, 0), new U32Table(256));
        yield return new ShapingFilter(block, ShapingTree.Root, U32Key.Handle(FirstTable, 0, 1),
            new U32Key { Matches = [U32Match.Anything], NextTable = AddressTable, HashMask = 0xff, HashOffset = 16 });
        foreach (var address in addresses)
        {
            var octets = address.PrivateAddress.GetAddressBytes();
            yield return new ShapingFilter(block, ShapingTree.Root, U32Key.Handle(AddressTable, octets[3], 1u + octets[2]),
                new U32Key { Matches = [U32Match.To(address.PrivateAddress)], ClassId = ShapingTree.ClassOf(address.ListenPort) });
        }
    }

    // What is for the node itself passes: encrypted packets, by WireGuard's ports, are shaped when they have been decrypted, and /connect must get
    // through when an address is full.
    private static IEnumerable<TrafficObject> Redirection(DesiredNetworkInterface eni, string block, int httpsPort)
    {
        yield return new ShapingQdisc(eni.LinkName, TrafficHandle.Ingress, TrafficHandle.IngressQdisc, new IngressQdisc());
        yield return Ingress(eni, 1, Passing(U32Match.OfProtocol(Udp), U32Match.HasPorts, U32Match.ToPort(AddressLayout.ListenPorts.First, AddressLayout.ListenPorts.First)));
        yield return Ingress(eni, 2, Passing(U32Match.OfProtocol(Tcp), U32Match.HasPorts, U32Match.ToPort((ushort)httpsPort)));
        yield return Ingress(eni, 3, Passing(U32Match.To(eni.PrimaryAddress)));
        yield return Ingress(eni, 4, new U32Key { Matches = [U32Match.Anything] }) with { RedirectTo = block };
    }

    private static U32Key Passing(params ReadOnlySpan<U32Match> matches) => new() { Matches = EquatableList.Of(matches), ClassId = TrafficHandle.Of(0, 1) };

    private static ShapingFilter Ingress(DesiredNetworkInterface eni, uint number, U32Key key) =>
        new(eni.LinkName, TrafficHandle.IngressFilters, number, key);
}
