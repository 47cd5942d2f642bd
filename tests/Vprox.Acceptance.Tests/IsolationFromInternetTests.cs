using System.Net;
using Vprox.Lab.Probes;

namespace Vprox.Acceptance.Tests;

/// <summary>What the internet reaches on a static address: HTTPS, WireGuard, which keeps silent, and ping. Not even a reset otherwise.</summary>
public sealed class IsolationFromInternetTests(SharedLab shared, ProxiedContainer proxied) : AcceptanceTest(shared), IClassFixture<ProxiedContainer>
{
    private static readonly int[] Ports =
    [
        1, 7, 21, 22, 23, 25, 53, 80, 111, 123, 443, 445, 1023, 1024, 1025, 1279, 1280, 1536, 3306, 5432, 5672, 8080, 9101, 9102, 15672,
        20_000, 33_434, 40_000, 40_959, 40_960, 45_000, 49_151, 49_152, 49_153, 50_000, 65_535,
    ];

    [Fact]
    public async Task Of_TCP_only_HTTPS_answers()
    {
        var block = proxied.Tunnel.Blocks[0];
        var answers = await PortScan.TcpAsync(Lab.Internet, proxied.Address, Ports.Union([proxied.Tunnel.Port, block.First, block.Last]));

        var (port, answer) = Assert.Single(answers);
        Assert.Equal((443, PortAnswer.Open), (port, answer));
    }

    [Fact]
    public async Task Of_UDP_nothing_answers()
    {
        var block = proxied.Tunnel.Blocks[0];
        Assert.Empty(await PortScan.UdpAsync(Lab.Internet, proxied.Address, Ports.Union([proxied.Tunnel.Port, block.First, block.Last])));
    }

    [Fact]
    public async Task Ping_is_answered() => Assert.True(await PortScan.AnswersPingAsync(Lab.Internet, proxied.Address));

    [Fact]
    public async Task A_block_that_is_in_use_lets_nothing_new_in()
    {
        // A server behind the static address, on a port of its tunnel's block: nobody outside may find it.
        var container = proxied.Container;
        var port = proxied.Tunnel.Blocks[0].First + 7;
        using var server = container.OpenTcp();
        server.Bind(new IPEndPoint(IPAddress.Any, port));
        server.Listen();
        Assert.Equal(PortAnswer.Open, (await PortScan.TcpAsync(Worker, container.Address, port))[port]);

        Assert.Empty(await PortScan.TcpAsync(Lab.Internet, proxied.Address, port));
    }
}
