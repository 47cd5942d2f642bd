using Vprox.WorkerAgent.Adapters.Journal;
using Vprox.WorkerAgent.Core;
using Vprox.WorkerAgent.Tests.Core;

namespace Vprox.WorkerAgent.Tests.Adapters;

public sealed class JournalFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vprox-journal-").FullName;

    private WorkerAgentOptions Options => new() { StateDirectory = _folder };

    private string Path => System.IO.Path.Combine(_folder, "journal.json");

    [Fact]
    public void The_next_run_knows_all_that_this_one_knew()
    {
        var scene = new Scene().Route("c1").Start("c2", "10.88.0.3").Start("c3").Stop("c4");
        using (var journal = new JournalFile(Options))
            journal.Save(scene.State);
        using var next = new JournalFile(Options);
        var loaded = next.Load(scene.State.Policy);
        Assert.Equal(scene.State.Containers, loaded.Containers);
        Assert.Equal(scene.State.Tombstones, loaded.Tombstones);
        Assert.Equal(scene.State.Tunnels.Values.Select(tunnel => (tunnel.ProxyId, tunnel.Slot, tunnel.Phase, tunnel.RenewAt)),
            loaded.Tunnels.Values.Select(tunnel => (tunnel.ProxyId, tunnel.Slot, tunnel.Phase, tunnel.RenewAt)));

        // The kernel needs no change: it is adopted.
        var kernel = new FakeKernel();
        kernel.Reach(scene.State.Desired());
        Assert.Empty(WorkerPlanner.Plan(loaded.Desired(), kernel.Observed));
    }

    [Fact]
    public void What_a_tunnel_gives_back_is_still_given_back_after_a_crash()
    {
        var scene = new Scene().Route("c1");
        var inner = scene.Tunnel.Connection!.InnerAddresses[0];
        scene.On(new WorkerEvent.PortsPlanned("p1", new TunnelPorts { Returning = [inner] }));
        using (var journal = new JournalFile(Options))
            journal.Save(scene.State);
        using var next = new JournalFile(Options);
        Assert.Equal([inner], next.Load(scene.State.Policy).Tunnels["p1"].Ports.Returning);
    }

    [Fact]
    public void It_holds_tokens_and_keys_so_only_its_owner_reads_it()
    {
        using var journal = new JournalFile(Options);
        journal.Save(new Scene().Route("c1").State);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"Version":2,"Containers":[],"Tunnels":[],"Tombstones":{}}""")]
    [InlineData("""{"Version":1}""")]
    [InlineData("""{"Version":1,"Containers":[{"Id":"c1","Ip":"10.88"}],"Tunnels":[],"Tombstones":{}}""")]
    public void A_damaged_journal_opens_nothing_and_says_what_to_do(string text)
    {
        File.WriteAllText(Path, text);
        using var journal = new JournalFile(Options);
        var damaged = Assert.Throws<JournalException>(() => journal.Load(new WorkerPolicy { WorkerId = "w1" }));
        Assert.Contains("teardown", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_draft_that_death_left_half_written_changes_nothing()
    {
        var scene = new Scene().Route("c1");
        using var journal = new JournalFile(Options);
        journal.Save(scene.State);
        File.WriteAllText(Path + ".new", "{\"Version\":1,\"Cont");
        Assert.Equal(["c1"], journal.Load(scene.State.Policy).Containers.Keys);
        journal.Save(scene.Start("c2", "10.88.0.3").State);
        Assert.Equal(["c1", "c2"], journal.Load(scene.State.Policy).Containers.Keys);
    }

    [Fact]
    public void Without_a_journal_the_worker_begins_with_nothing()
    {
        using var journal = new JournalFile(Options);
        Assert.Empty(journal.Load(new WorkerPolicy { WorkerId = "w1" }).Containers);
    }

    [Fact]
    public void A_second_agent_on_the_same_folder_does_not_start()
    {
        using var first = new JournalFile(Options);
        Assert.Throws<JournalException>(() => new JournalFile(Options).Dispose());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
