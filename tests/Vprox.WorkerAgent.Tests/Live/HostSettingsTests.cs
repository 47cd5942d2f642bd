namespace Vprox.WorkerAgent.Tests.Live;

public sealed class HostSettingsTests(BrokerFixture broker)
{
    [Fact]
    public async Task A_setting_is_made_at_the_start_and_again_when_a_distribution_resets_it()
    {
        await using var stage = await Stage.SetAsync(broker);

        await WorkerNetwork.UntilAsync("it was set", () => Groups(stage) == "0\t0");
        WorkerNetwork.Shell(stage.Network.Worker, "sysctl -qw net.ipv4.ping_group_range='1 0'");

        await WorkerNetwork.UntilAsync("it was set again", () => Groups(stage) == "0\t0");
        await WorkerNetwork.UntilAsync("both were said", () =>
            stage.Agent.Log.Contains("net.ipv4.ping_group_range was set to 0\t0, it was 1\t0", StringComparison.Ordinal)
            && stage.Agent.Log.Contains("net.ipv4.ping_group_range was set to 0\t0 again, somebody had changed it to 1\t0", StringComparison.Ordinal));
        // The namespace stands for a container: what belongs to the machine is said and ends nothing.
        await WorkerNetwork.UntilAsync("the machine's own were said", () =>
            stage.Agent.Log.Contains("net.ipv4.neigh.default.gc_thresh3 can't be seen from here", StringComparison.Ordinal));
    }

    private static string Groups(Stage stage) => WorkerNetwork.Shell(stage.Network.Worker, "cat /proc/sys/net/ipv4/ping_group_range").Trim();
}
