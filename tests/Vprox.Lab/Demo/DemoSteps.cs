using System.Diagnostics;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Demo;

/// <summary>What the demo shows. Every step states what must be seen; anything else ends it.</summary>
internal sealed class DemoSteps(VproxLab lab, Screen screen)
{
    private const string ProxyId = "proxy-1";
    private const long DownloadBytes = 50_000_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private LabWorker Worker => lab.Workers[0];

    private LabContainer First => Worker.Containers[0];

    private LabContainer Second => Worker.Containers[1];

    public async Task RunAsync(CancellationToken cancel)
    {
        screen.Title("Without a proxy");
        await LeavesAs("container 1 is seen as", First, Worker.PublicAddress.ToString(), cancel);

        screen.Title("With a proxy");
        var address = await screen.StepAsync("ProxyRequested → ProxyReady", async () =>
        {
            var ready = await lab.Scheduler.RequestProxyAsync(ProxyId, "workspace-1", 1, Deadline, cancel);
            return ready.Exchange == "vprox.proxy-ready"
                ? ready.Addresses[0]
                : throw new LabException($"The proxy was rejected: {ready.Text("reason")}");
        });
        await screen.StepAsync("ContainerStarted → ContainerRouted", async () =>
        {
            var routed = await lab.Scheduler.StartContainerAsync("container-1", First, ProxyId, Deadline, cancel);
            return routed.Exchange == "vprox.container-routed"
                ? routed.Text("address")!
                : throw new LabException($"The container was refused: {routed.Text("reason")}");
        });
        await LeavesAs("container 1 is seen as", First, address, cancel);
        await LeavesAs("container 2, which has no proxy, as", Second, Worker.PublicAddress.ToString(), cancel);
        await screen.StepAsync($"container 1 downloads {DownloadBytes / 1_000_000} MB",
            async () => $"{await First.DownloadAsync(DownloadBytes, cancel):0} Mbit/s");

        screen.Title("A node dies");
        var node = await ServingNodeAsync(address, cancel);
        await screen.StepAsync($"power cut of {node.Name}, which serves {address}", async () =>
        {
            await node.KillAsync();
            return "dead";
        });
        await screen.StepAsync("container 1 is seen as", () => SeenAgainAsync(address, cancel));
        var next = await ServingNodeAsync(address, cancel);
        screen.Fact("now served by", next.Name);
        await LeavesAs("container 2 still as", Second, Worker.PublicAddress.ToString(), cancel);
    }

    private Task<string> LeavesAs(string step, LabContainer container, string expected, CancellationToken cancel) => screen.StepAsync(step, async () =>
    {
        var seen = await container.SeenAddressAsync(cancel);
        return seen == expected ? seen : throw new LabException($"{container.Name} was seen as {seen} and should be as {expected}");
    });

    private async Task<LabNode> ServingNodeAsync(string address, CancellationToken cancel)
    {
        var placed = (await lab.Cloud.EffectiveElasticIpsAsync(cancel)).Single(ip => ip.Address == address);
        return lab.Nodes.Single(node => node.InstanceId == placed.InstanceId);
    }

    /// <summary>Tries until a new connection works again; it must never show another address meanwhile.</summary>
    private async Task<string> SeenAgainAsync(string address, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                attempt.CancelAfter(TimeSpan.FromMilliseconds(500));
                var seen = await First.SeenAddressAsync(attempt.Token);
                return seen == address ? seen : throw new LabException($"container 1 leaked: it was seen as {seen}");
            }
            catch (Exception unreachable) when (unreachable is HttpRequestException or OperationCanceledException && !cancel.IsCancellationRequested)
            {
                if (Stopwatch.GetElapsedTime(started) > Deadline)
                    throw new LabException($"container 1 did not reach the internet again within {Deadline.TotalSeconds} s");
            }
        }
    }
}
