using System.Diagnostics;
using System.Net;
using Vprox.Addressing;
using Vprox.Lab.Namespaces;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Ruleset;
using Vprox.NodeAgent.Core.DataPlane.Shaping;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>The nft table in a real kernel, without tunnels.</summary>
public sealed class RulesetTests : IDisposable
{
    private static readonly WireGuardPrivateKey Key = WireGuardPrivateKey.Generate();

    private readonly NetworkNamespace _namespace = NetworkNamespace.CreateRandom("rules");
    private readonly RulesetStore _store;

    public RulesetTests() => _store = _namespace.Run(() => new RulesetStore());

    public void Dispose()
    {
        _store.Dispose();
        _namespace.Dispose();
    }

    [Fact]
    public void The_table_is_written_as_nft_lists_it()
    {
        Apply(Table(2));

        var listing = Shortened(_namespace.Execute("nft", "-s", "list", "table", "inet", "vprox"));
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "DataPlane", "Golden", "two-addresses.nft")), listing);
    }

    [Fact]
    public void What_was_written_is_what_is_read()
    {
        Apply(Table(3));

        Assert.True(NftDifferenceOf(Table(3)) is { Additions.IsEmpty: true, Removals.IsEmpty: true });
    }

    [Fact]
    public void A_full_node_loads_in_seconds_and_changes_by_one_address_in_less()
    {
        var loading = Stopwatch.StartNew();
        Apply(Table(240));
        loading.Stop();
        var adding = Stopwatch.StartNew();
        Apply(Table(241));
        adding.Stop();
        var removing = Stopwatch.StartNew();
        Apply(Table(240));
        removing.Stop();
        var reading = Stopwatch.StartNew();
        using (var restarted = _namespace.Run(() => new RulesetStore()))
            Assert.True(NftDifference.Between(Table(240), restarted.Read()) is { Additions.IsEmpty: true, Removals.IsEmpty: true });
        reading.Stop();
        var counting = Stopwatch.StartNew();
        Assert.Equal(2 * 240, _store.Counters().Keys.Count(name => AddressCounters.Parse(name) is not null));
        counting.Stop();

        TestContext.Current.SendDiagnosticMessage(
            "240 addresses: loaded in {0} ms, one more in {1} ms, one less in {2} ms, read and compared in {3} ms, counters read in {4:0.0} ms",
            loading.ElapsedMilliseconds, adding.ElapsedMilliseconds, removing.ElapsedMilliseconds, reading.ElapsedMilliseconds, counting.Elapsed.TotalMilliseconds);
        Assert.InRange(loading.ElapsedMilliseconds, 0, 20_000);
        Assert.InRange(adding.ElapsedMilliseconds, 0, 5_000);
        Assert.InRange(removing.ElapsedMilliseconds, 0, 5_000);
    }

    [Fact]
    public void A_table_that_nobody_changed_is_not_listed_again()
    {
        Apply(Table(1));

        var read = _store.Read();
        Assert.Same(read, _store.Read());
        // Nor when somebody changes another.
        _namespace.Execute("nft", "add table inet foreign; add chain inet foreign vprox; add table ip vprox");
        Assert.Same(read, _store.Read());
        // Nor when that comes between a reading and a change of ours.
        _namespace.Execute("nft", "delete table ip vprox");
        _store.Apply(new NftTransaction { AddedElements = [new NftElements("set echo", "echo", ["\"vp50000\" . 240.0.0.1"])] });
        read = _store.Read();
        Assert.Same(read, _store.Read());
        Assert.Contains("\"vp50000\" . 240.0.0.1", read!.Objects["set echo"].Elements);

        // One that leaves all as it was is a change, too.
        _namespace.Execute("nft", "add set inet vprox passing { type ipv4_addr; }; delete set inet vprox passing");
        Assert.NotSame(read, _store.Read());
        Assert.Contains("\"vp50000\" . 240.0.0.1", _store.Read()!.Objects["set echo"].Elements);
    }

    [Fact]
    public void A_change_between_reading_and_writing_is_seen_in_the_next_round()
    {
        Apply(Table(1));
        _store.Read();
        _namespace.Execute("nft", "delete", "element", "inet", "vprox", "denied", "{", "10.0.0.0/8", "}");
        // Writes on top of a reading that is old by now.
        _store.Apply(new NftTransaction { AddedElements = [new NftElements("set echo", "echo", ["\"vp50000\" . 240.0.0.1"])] });

        Assert.DoesNotContain("10.0.0.0/8", _store.Read()!.Objects["set denied"].Elements);
    }

    [Fact]
    public void A_rule_that_nft_spells_in_other_words_is_written_once()
    {
        var chain = new NftObject { Kind = "chain", Name = "spelled", Definition = [], Rules = ["tcp flags & (syn | ack) == syn drop"] };
        var table = NftTable.Of([chain]);
        Apply(NftTable.Of([chain with { Rules = [] }]));

        Apply(table);

        Assert.DoesNotContain(chain.Rules[0], _namespace.Execute("nft", "list", "table", "inet", "vprox"), StringComparison.Ordinal);
        // So that it is listed.
        _namespace.Execute("nft", "add set inet vprox passing { type ipv4_addr; }; delete set inet vprox passing");
        Assert.True(NftDifferenceOf(table) is { Additions.IsEmpty: true, Removals.IsEmpty: true });
    }

    [Theory]
    [InlineData("add rule inet vprox forward accept")]
    [InlineData("insert rule inet vprox internet_to_node accept")]
    [InlineData("flush chain inet vprox from_tunnel")]
    [InlineData("flush ruleset")]
    [InlineData("delete element inet vprox denied { 169.254.0.0/16 }")]
    [InlineData("delete element inet vprox offsets256 { 1024-1279 }")]
    [InlineData("delete element inet vprox owners256 { 0.0.0.2 }; add element inet vprox owners256 { 0.0.0.2 : goto block256_7 }")]
    [InlineData("delete element inet vprox denied { 10.0.0.0/8 }; add element inet vprox denied { 10.0.0.0/9 }")]
    [InlineData("add chain inet vprox forward { policy drop; }")]
    [InlineData("add chain inet vprox extra { type filter hook forward priority -1; policy drop; }; add rule inet vprox extra counter jump from_tunnel")]
    [InlineData("add set inet vprox extra { type ipv4_addr; }; add rule inet vprox input ip saddr @extra accept")]
    [InlineData("add map inet vprox extra { type ipv4_addr : verdict; elements = { 10.9.9.9 : goto from_tunnel }; }")]
    [InlineData("add counter inet vprox extra")]
    [InlineData("delete element inet vprox sent { \"vp50000\" }; delete counter inet vprox sent50000")]
    [InlineData("delete element inet vprox received { \"vp50001\" }; add element inet vprox received { \"vp50001\" : \"received50000\" }")]
    [InlineData("flush chain inet vprox traffic")]
    [InlineData("flush map inet vprox sent")]
    [InlineData("flush chain inet vprox stray_in; delete map inet vprox strays; add set inet vprox strays { type ipv4_addr; }")]
    [InlineData("add table inet vprox { flags dormant; }")]
    public void A_change_by_hand_is_repaired(string vandalism)
    {
        Apply(Table(2));
        var before = _namespace.Execute("nft", "-s", "list", "table", "inet", "vprox");
        _namespace.Execute("nft", vandalism);

        Apply(Table(2));

        Assert.Equal(Sorted(before), Sorted(_namespace.Execute("nft", "-s", "list", "table", "inet", "vprox")));
    }

    [Fact]
    public void Addresses_of_several_block_sizes_stand_side_by_side_and_a_size_goes_with_its_last_address()
    {
        foreach (var sizes in (int[][])[[256, 256], [128, 1024], [1024, 512], [], [512], [256, 128]])
        {
            Apply(Table(sizes));
            Assert.True(NftDifferenceOf(Table(sizes)) is { Additions.IsEmpty: true, Removals.IsEmpty: true });
            var listing = _namespace.Execute("nft", "list", "table", "inet", "vprox");
            var there = sizes.DefaultIfEmpty(256).ToList();
            Assert.All((int[])[128, 256, 512, 1024], size =>
                Assert.Equal(there.Contains(size) ? 39_936 / size : 0, listing.Split($"chain block{size}_").Length - 1));
        }
    }

    [Fact]
    public void Foreign_tables_stay()
    {
        _namespace.Execute("nft", "table ip vprox { chain c { type filter hook input priority 0; }; }");
        _namespace.Execute("nft", "table inet other { set s { type ipv4_addr; }; }");
        var before = _namespace.Execute("nft", "list", "ruleset");

        Apply(Table(2));
        Apply(Table(1));
        Apply(null);

        Assert.Equal(before, _namespace.Execute("nft", "list", "ruleset"));
    }

    [Fact]
    public void IPv6_from_a_tunnel_goes_nowhere()
    {
        // WireGuard itself lets in only what allowed IPs name, so a plain veth stands for the tunnel.
        using var outside = NetworkNamespace.CreateRandom("v6");
        Apply(Table(1));
        NodeLab.Ip(_namespace, $"link add vp50000 type veth peer name eth0 netns {outside.Name}", "-6 address add fd00::1/64 dev vp50000 nodad",
            "link set vp50000 up", "link add ens5 type bridge", "-6 address add fd01::1/64 dev ens5 nodad", "link set ens5 up");
        NodeLab.Ip(outside, "-6 address add fd00::2/64 dev eth0 nodad", "link set eth0 up", "-6 route add default via fd00::1");
        _namespace.Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/all/forwarding", "1"));

        Assert.Throws<InvalidOperationException>(() => outside.Execute("ping", "-6", "-c1", "-W1", "fd00::1"));
        Assert.Throws<InvalidOperationException>(() => outside.Execute("ping", "-6", "-c1", "-W1", "fd01::9"));

        Assert.Contains("packets", _namespace.Execute("nft", "list", "counter", "inet", "vprox", "tunnel_ipv6"), StringComparison.Ordinal);
        Assert.DoesNotContain("packets 0 ", _namespace.Execute("nft", "list", "counter", "inet", "vprox", "tunnel_ipv6"), StringComparison.Ordinal);
    }

    private static NftTable Table(int addresses) => Table([.. Enumerable.Repeat(AddressLayout.BlockSize, addresses)]);

    private static NftTable Table(int[] blockSizes) => NodeRuleset.For(Desired(blockSizes), NodeLab.Options with { Shaping = new ShapingOptions(LinkMbps: 1_000) });

    private static DesiredNode Desired(int[] blockSizes) => new()
    {
        NetworkInterfaces = [new() { LinkName = "ens5", DeviceNumber = 0, Subnet = Ipv4Prefix.Parse("10.0.0.0/16"), PrimaryAddress = Ipv4.Parse("10.0.1.10") }],
        Addresses = [.. blockSizes.Select((size, index) => new DesiredAddress
        {
            Address = Ipv4.FromUInt32(Ipv4.ToUInt32(IPAddress.Parse("192.0.2.1")) + (uint)index),
            PrivateAddress = Ipv4.FromUInt32(Ipv4.ToUInt32(IPAddress.Parse("10.0.1.64")) + (uint)index),
            LinkName = index == 1 ? null : "ens5",
            AwaitedLinkName = "ens5",
            ListenPort = 50_000 + index,
            Zone = (ushort)(1 + index),
            Inner = Ipv4Prefix.Parse("240.0.0.0/8").Subnet(22, index),
            BlockSize = size,
            PrivateKey = Key,
            Peers = [],
        })],
    };

    private NftDifference NftDifferenceOf(NftTable? desired) => NftDifference.Between(desired, _store.Read());

    private void Apply(NftTable? desired)
    {
        var difference = NftDifferenceOf(desired);
        foreach (var transaction in (NftTransaction[])[difference.Additions, difference.Removals])
        {
            if (!transaction.IsEmpty)
                _store.Apply(transaction);
        }
    }

    // Of the block maps the first elements and the last ones, and the first of the blocks' chains; 156 of each are no reading.
    private static string Shortened(string listing) => string.Join("\n\n", string.Join('\n', listing.Split('\n')
        .Where(line => !line.StartsWith("\t\t\t", StringComparison.Ordinal) || line.Contains('/', StringComparison.Ordinal) || line.EndsWith('}')))
        .Split("\n\n")
        .Where(item => !item.StartsWith("\tchain block", StringComparison.Ordinal) || item.StartsWith("\tchain block256_0 ", StringComparison.Ordinal)));

    // Objects that were made again are listed last.
    private static IEnumerable<string> Sorted(string listing) => listing.Split("\n\n").Select(item => item.TrimEnd('\n', '}')).Order(StringComparer.Ordinal);
}
