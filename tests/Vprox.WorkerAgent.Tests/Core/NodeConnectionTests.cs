using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class NodeConnectionTests
{
    private static readonly TunnelGrant Grant = new Scene().GrantFor("ws1", "192.0.2.10");

    private static readonly ConnectAnswer Good = new()
    {
        AssignedAddr = "240.0.0.2/22",
        ServerPublicKey = Scene.ServerKey.ToString(),
        ServerListenPort = 49152,
        InnerAddresses = ["240.0.0.2", "240.0.0.3"],
        PortBlocks = ["1024-1279", "1280-1535"],
        Gateway = "240.0.0.1",
        Mtu = 1420,
    };

    [Fact]
    public void An_answer_with_blocks_is_taken()
    {
        var connection = Parse(Good);
        Assert.Equal("192.0.2.10:49152", connection.Endpoint.ToString());
        Assert.Equal(["240.0.0.2 1024-1279", "240.0.0.3 1280-1535"], connection.Blocks.Select(block => $"{block.Address} {block.Ports}"));
    }

    [Fact]
    public void An_answer_of_the_original_server_is_taken()
    {
        var connection = Parse(new ConnectAnswer { AssignedAddr = "240.0.0.7/22", ServerPublicKey = Good.ServerPublicKey, ServerListenPort = 50227 });
        Assert.Equal("240.0.0.7", Assert.Single(connection.InnerAddresses).ToString());
        Assert.Equal("240.0.0.1", connection.Gateway.ToString());
        Assert.Empty(connection.Blocks);
        Assert.Equal(NodeConnection.DefaultMtu, connection.Mtu);
    }

    public static TheoryData<ConnectAnswer> Hostile =>
    [
        new ConnectAnswer(),
        Good with { AssignedAddr = "240.0.0.2" },
        Good with { AssignedAddr = "0.0.0.0/0" },
        Good with { AssignedAddr = "240.0.0.2/8" },
        // A bridge of the worker's own.
        Good with { AssignedAddr = "10.88.0.2/22", Gateway = "10.88.0.1" },
        Good with { ServerPublicKey = Convert.ToBase64String(new byte[32]) },
        Good with { ServerPublicKey = null },
        Good with { ServerListenPort = 0 },
        Good with { ServerListenPort = 70000 },
        Good with { Mtu = 1 },
        Good with { Gateway = "10.0.0.1" },
        Good with { InnerAddresses = ["10.0.0.1", "240.0.0.3"] },
        Good with { InnerAddresses = ["240.0.0.1", "240.0.0.3"] },
        Good with { InnerAddresses = ["240.0.0.2", "240.0.0.2"] },
        Good with { InnerAddresses = [null, "240.0.0.2"] },
        Good with { PortBlocks = ["1024-1279"] },
        Good with { PortBlocks = ["1024-1279", "1279-1535"] },
        Good with { PortBlocks = ["1-1023", "1280-1535"] },
        Good with { PortBlocks = ["1024-1279", "} ; flush ruleset"] },
        Good with { PortBlocks = [null, "1280-1535"] },
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_answer_is_refused_with_the_field_that_is_wrong(ConnectAnswer answer)
    {
        Assert.False(NodeConnection.TryParse(answer, Grant, out _, out var fault));
        Assert.NotEmpty(fault!);
    }

    private static NodeConnection Parse(ConnectAnswer answer) =>
        NodeConnection.TryParse(answer, Grant, out var connection, out var fault) ? connection : throw new InvalidOperationException(fault);
}
