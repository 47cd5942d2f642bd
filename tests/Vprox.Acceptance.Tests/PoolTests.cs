using System.Net;
using Vprox.Lab.Scheduling;
using Vprox.Lab.Topology;

namespace Vprox.Acceptance.Tests;

/// <summary>The pool when it runs out, and what becomes of addresses that are given back.</summary>
public sealed class PoolTests(SharedLab shared) : AcceptanceTest(shared)
{
    private const int MostPerProxy = 5;

    /// <summary>The next test finds a pool with free addresses.</summary>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        var last = "";
        await UntilAsync("addresses are free again", async () =>
        {
            last = Id($"free-{Guid.NewGuid():N}");
            return (await Lab.Scheduler.RequestProxyAsync(last, addressCount: MostPerProxy, deadline: Deadline)).Exchange == "vprox.proxy-ready";
        });
        await Lab.Scheduler.ReleaseProxyAsync(last);
    }

    [Fact]
    public async Task Of_two_requests_for_the_last_free_address_exactly_one_gets_it()
    {
        await FillAsync(leaving: 1);

        // The last one may still rest from an earlier test: then neither gets it.
        SchedulerEvent[] answers = [];
        await UntilAsync("the last address is given out", async () =>
        {
            answers = await Task.WhenAll(AskForProxyAsync(Id($"left-{Guid.NewGuid():N}"), "ws-1"), AskForProxyAsync(Id($"right-{Guid.NewGuid():N}"), "ws-2"));
            return answers.Any(answer => answer.Exchange == "vprox.proxy-ready");
        });

        Assert.Single(answers, answer => answer.Exchange == "vprox.proxy-ready");
        var rejected = Assert.Single(answers, answer => answer.Exchange == "vprox.proxy-rejected");
        Assert.Equal("no-free-address", rejected.Text("code"));
        Assert.Contains("free addresses", rejected.Text("reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_released_address_leaves_its_node_at_once_and_rests_before_another_gets_it()
    {
        var released = await FillAsync(leaving: 0);
        var address = IPAddress.Parse(released.Addresses[0]);
        var node = await NodeOfAsync(address);
        var privateAddress = await PrivateAddressOfAsync(address);
        Assert.Contains(privateAddress, AddressesOf(node));

        await Lab.Scheduler.ReleaseProxyAsync(released.Text("proxyId")!);

        await UntilAsync($"{privateAddress} is gone from {node.Name}", () => Task.FromResult(!AddressesOf(node).Contains(privateAddress)));
        Assert.Equal("no-free-address", (await AskForProxyAsync(Id("early"), "ws-2")).Text("code"));
        await UntilAsync("the address may be given out again", async () =>
            (await AskForProxyAsync(Id($"late-{Guid.NewGuid():N}"), "ws-2")).Exchange == "vprox.proxy-ready");
    }

    /// <summary>Takes addresses until so many are left. Those that other tests gave back are waited for.</summary>
    /// <returns>A proxy that has one address.</returns>
    private async Task<SchedulerEvent> FillAsync(int leaving)
    {
        SchedulerEvent? single = null;
        var missing = SharedLab.ElasticIps - leaving;
        await UntilAsync($"all but {leaving} addresses are taken", async () =>
        {
            var count = single is null ? 1 : Math.Min(MostPerProxy, missing);
            var answer = await AskForProxyAsync(Id($"fill-{Guid.NewGuid():N}"), addressCount: count);
            if (answer.Exchange == "vprox.proxy-ready")
            {
                single ??= answer;
                missing -= count;
            }
            return missing == 0;
        });
        return single!;
    }

    private static List<IPAddress> AddressesOf(LabHost host) => [.. host.Route.Addresses().Select(address => address.Address)];
}
