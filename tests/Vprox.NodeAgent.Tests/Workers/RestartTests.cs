using Vprox.NodeAgent.Adapters.State;
using Vprox.NodeAgent.Core.Placements;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Workers;

/// <summary>The agent dies and starts again; the bus is away all the time unless a test says otherwise.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly StateDirectory _directory = new();

    private string Journal => Path.Combine(_directory.Path, Some.Node, "journal.json");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_restarted_agent_asks_of_the_kernel_exactly_what_it_holds()
    {
        var kernel = new RecordingDataPlane();
        await using (var first = await TestNode.StartAsync(_directory.Path, kernel))
        {
            await first.ServeAsync(0);
            using var client = new PeerClient(first, TestNode.PrivateAddress(0));
            (await client.PostAsync("/connect", first.Token(0, Some.Key(1), 0, 1), Some.Key(1))).Dispose();
        }
        var before = kernel.Devices;
        var zone = Assert.Single(kernel.Applied.Last().Addresses).Zone;
        var rounds = kernel.Applied.Count;
        var bus = new RecordingBus();
        bus.Disconnect();
        await using var second = await TestNode.StartAsync(_directory.Path, kernel, bus: bus);
        second.Show(0);
        await Eventually.TrueAsync(() => kernel.Applied.Count > rounds, "a round after the restart");
        var desired = Assert.Single(kernel.Applied.Last().Addresses);
        Assert.Equal("ens5", desired.LinkName);
        Assert.Equal(zone, desired.Zone);
        Assert.Equal(Assert.Single(before).PrivateKey, desired.PrivateKey);
        Assert.Equal([Some.Key(1)], desired.Peers.Select(peer => peer.PublicKey));
        Assert.Equal(["240.0.0.2", "240.0.0.3"], desired.Peers[0].InnerAddresses.Select(address => address.ToString()));
    }

    [Fact]
    public async Task Until_IMDS_answers_a_restarted_agent_leaves_the_kernel_as_it_is()
    {
        var kernel = new RecordingDataPlane();
        await using (var first = await TestNode.StartAsync(_directory.Path, kernel))
            await first.ServeAsync(0);
        var rounds = kernel.Applied.Count;
        await using var second = await TestNode.StartAsync(_directory.Path, kernel);
        await Eventually.TrueAsync(() => second.State.Find(Some.PublicAddress(0)) is not null, "the journal is read");
        Assert.Equal(rounds, kernel.Applied.Count);
        Assert.Single(kernel.Devices);
    }

    [Fact]
    public async Task After_a_boot_the_journal_names_the_peers()
    {
        await using (var first = await TestNode.StartAsync(_directory.Path))
        {
            first.Intake.Take(first.Placed(0, 1, Some.Peer(0, 3, Some.Key(7), "198.51.100.7:40000")), confirmed: false);
            await first.ServeAsync(0);
        }
        await using var second = await TestNode.StartAsync(_directory.Path);
        second.Show(0);
        await Eventually.TrueAsync(() => !second.Kernel.Applied.IsEmpty, "a round");
        var peer = Assert.Single(Assert.Single(second.Kernel.Applied.Last().Addresses).Peers);
        Assert.Equal(Some.Key(7), peer.PublicKey);
        Assert.Equal("198.51.100.7:40000", peer.Endpoint!.ToString());
    }

    [Fact]
    public async Task An_interface_with_another_key_is_not_taken_for_the_addresss()
    {
        var kernel = new RecordingDataPlane();
        kernel.Set(new WireGuard.Device
        {
            Name = "vp49152",
            ListenPort = 49152,
            FirewallMark = 0,
            PrivateKey = WireGuard.WireGuardPrivateKey.Generate(),
            Peers = [new WireGuard.Peer { PublicKey = Some.Key(66), AllowedIps = [Addressing.Ipv4Prefix.Parse("240.0.0.9/32")] }],
        });
        await using (var first = await TestNode.StartAsync(_directory.Path))
            await first.ServeAsync(0);
        await using var second = await TestNode.StartAsync(_directory.Path, kernel);
        second.Show(0);
        await Eventually.TrueAsync(() => !kernel.Applied.IsEmpty, "a round");
        Assert.Empty(Assert.Single(kernel.Applied.Last().Addresses).Peers);
    }

    [Fact]
    public async Task The_sealing_key_outlives_the_process_and_only_its_owner_reads_the_files()
    {
        string key;
        await using (var first = await TestNode.StartAsync(_directory.Path))
        {
            key = first.SealingKey.PublicKey.ToString();
            await first.ServeAsync(0);
        }
        await using var second = await TestNode.StartAsync(_directory.Path);
        Assert.Equal(key, second.SealingKey.PublicKey.ToString());
        foreach (var file in Directory.GetFiles(Path.Combine(_directory.Path, Some.Node)))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_directory.Path, Some.Node)));
    }

    [Fact]
    public async Task The_journal_holds_keys_only_sealed()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        await node.ServeAsync(0);
        var text = await File.ReadAllTextAsync(Journal);
        Assert.DoesNotContain(Convert.ToBase64String(Some.Identity.WireGuardPrivateKey.Bytes), text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"Version":2,"Placements":[]}""")]
    [InlineData("""{"Version":1,"Placements":[null]}""")]
    [InlineData("""{"Version":1,"Placements":[{"Placed":{"Address":"192.0.2.1"},"OvertakenUpTo":0}]}""")]
    public async Task A_journal_that_cannot_be_read_is_put_aside_and_the_agent_starts(string text)
    {
        await File.WriteAllTextAsync(Path.Combine(NodeDirectory.Open(_directory.Path, Some.Node), "journal.json"), text);
        await using var node = await TestNode.StartAsync(_directory.Path);
        await node.ServeAsync(0);
        Assert.Equal(text, await File.ReadAllTextAsync(Journal + ".bad"));
    }

    [Fact]
    public async Task A_journal_half_written_when_the_process_died_does_not_count()
    {
        await using (var first = await TestNode.StartAsync(_directory.Path))
            await first.ServeAsync(0);
        await File.WriteAllTextAsync(Journal + ".next", "{\"Version\":1,\"Pla");
        await using var second = await TestNode.StartAsync(_directory.Path);
        second.Show(0);
        await Eventually.EqualAsync(1, () => second.State.Serving.Count);
    }

    [Fact]
    public void What_is_written_is_what_is_read()
    {
        var journal = new NodeJournal(_directory.Path);
        var placement = Some.Placement(0, 3, peers: Some.Peer(0, 1, Some.Key(1), "198.51.100.7:40000"));
        journal.Write([new HeldPlacement(placement with { Zone = 4 }, 7)], upTo: 12, lastZone: 5);
        var read = journal.Read();
        var entry = Assert.Single(read.Placements);
        Assert.Equal((12L, 7L, (ushort)4, (ushort?)5), (read.UpTo, entry.OvertakenUpTo, entry.Zone, read.LastZone));
        Assert.Equivalent(placement.Message, entry.Placed, strict: true);
    }
}
