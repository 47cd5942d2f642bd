using System.Text.Json.Nodes;
using Vprox.Lab.Namespaces;

namespace Vprox.Netlink.Tests.Live;

/// <summary>A namespace for one test, our socket in it, and ip as the witness of what the kernel holds.</summary>
public abstract class LiveTest : IDisposable
{
    protected LiveTest()
    {
        Inside = NetworkNamespace.CreateRandom("live");
        Route = Inside.Run(RouteNetlink.Open);
    }

    protected NetworkNamespace Inside { get; }

    protected RouteNetlink Route { get; }

    public virtual void Dispose()
    {
        Route.Dispose();
        Inside.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What `ip -json` prints.</summary>
    protected IReadOnlyList<JsonNode> Ip(params string[] arguments)
    {
        var text = Inside.Execute("ip", ["-json", "-details", .. arguments]);
        return text.Length == 0 ? [] : [.. JsonNode.Parse(text)!.AsArray().OfType<JsonNode>().Where(node => node.AsObject().Count > 0)];
    }

    /// <summary>Makes the veth pair veth0/veth1 with 10.0.0.1/24, both ends up, and returns veth0's index.</summary>
    protected int AddVethPair()
    {
        Route.Execute(new AddVeth("veth0", "veth1"), new SetLink("veth0") { Up = true }, new SetLink("veth1") { Up = true });
        var index = Route.Link("veth0")!.Index;
        Route.Execute(new AddAddress(index, System.Net.IPAddress.Parse("10.0.0.1"), 24));
        WaitUntilUp("veth0", "veth1");
        return index;
    }

    // The kernel finds the carrier later than "up" returns, and tells of it as one more change (linkwatch_event, net/core/link_watch.c).
    private void WaitUntilUp(params string[] names) => Assert.True(
        SpinWait.SpinUntil(() => names.All(name => Ip("link", "show", "dev", name).Single()["operstate"]!.GetValue<string>() == "UP"), TimeSpan.FromSeconds(30)),
        $"{string.Join(" and ", names)} had no carrier after 30 s");
}
