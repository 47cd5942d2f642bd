using System.Net;
using Vprox.Lab.Namespaces;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>Traffic through a real tunnel and a real kernel.</summary>
public sealed class TunnelTests : IDisposable
{
    private readonly NodeLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task A_connection_leaves_from_the_static_address_and_keeps_a_port_of_its_block()
    {
        using var echo = new Echo(_lab.Internet, NodeLab.Server, 7);
        var address = _lab.Address(0, _lab.WorkerPeer("240.0.0.2"));
        await _lab.ApplyAsync(address);
        await _lab.ConnectWorkerAsync(address, "240.0.0.2");

        using var client = await Client.ConnectAsync(_lab.WorkerHost, "240.0.0.2", 1030, NodeLab.Server, 7);

        Assert.Equal("10.0.1.64:1030", await client.ReceiveLineAsync());
    }
}
