using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using Vprox.Addressing;
using Vprox.Cli.Connect;
using Vprox.Identity;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.Cli.Tests.Connect;

public sealed class ServerAnswerTests
{
    private static readonly WireGuardPrivateKey Key = WireGuardPrivateKey.Generate();
    private static readonly string ServerKey = WireGuardPrivateKey.Generate().PublicKey().ToString();
    private static readonly TlsPin Pin = TlsPin.TryParse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), out var pin) ? pin : null!;

    private static ConnectOptions Options => ConnectOptions.TryParse(new() { Server = "192.0.2.10", Password = "p" }, out var options, out _) ? options : null!;

    private static DesiredTunnel? Parse(ConnectAnswer answer) => ServerAnswer.TryParse(answer, Options, Key, Pin, out var tunnel, out _) ? tunnel : null;

    [Fact]
    public void An_answer_of_modals_server_is_a_tunnel_without_blocks()
    {
        // lib/server.go at 04ddfd8: json.Marshal of connectResponse, and its example block of /16 without --wg-block-per-ip.
        var answer = JsonSerializer.Deserialize<ConnectAnswer>($$"""{"AssignedAddr":"240.1.0.2/16","ServerPublicKey":"{{ServerKey}}","ServerListenPort":50227}""")!;
        var tunnel = Parse(answer)!;
        Assert.Equal(("240.1.0.1", "192.0.2.10:50227", 1420), (tunnel.Gateway.ToString(), tunnel.Endpoint.ToString(), tunnel.Mtu));
        Assert.Equal([Ipv4.Parse("240.1.0.2")], tunnel.InnerAddresses);
        Assert.Empty(tunnel.Blocks);
    }

    [Fact]
    public void An_answer_of_ours_brings_its_blocks()
    {
        var tunnel = Parse(new() { AssignedAddr = "240.1.0.2/22", ServerPublicKey = ServerKey, ServerListenPort = 50227, InnerAddresses = ["240.1.0.2", "240.1.0.3"], PortBlocks = ["1024-1279", "1280-1535"], Gateway = "240.1.0.1", Mtu = 1400 })!;
        Assert.Equal((2, 1400), (tunnel.Blocks.Count, tunnel.Mtu));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("240.1.0.2")]
    [InlineData("240.1.0.2/")]
    [InlineData("240.1.0.2/0")]
    [InlineData("240.1.0.2/32")]
    [InlineData("240.1.0.2/-1")]
    [InlineData("2001:db8::1/64")]
    [InlineData("240.1.0.1/22")]
    public void What_is_no_address_of_a_subnet_is_refused(string? assigned) =>
        Assert.Null(Parse(new() { AssignedAddr = assigned, ServerPublicKey = ServerKey, ServerListenPort = 50227 }));

    [Fact]
    public void Whatever_a_server_answers_is_a_tunnel_or_a_sentence() =>
        Gen.Select(Gen.String, Gen.String, Gen.Int, Gen.String.Array[0, 4], Gen.String.Array[0, 4], Gen.Int).Sample((assigned, key, port, inner, blocks, mtu) =>
        {
            var answer = new ConnectAnswer { AssignedAddr = assigned, ServerPublicKey = key, ServerListenPort = port, InnerAddresses = inner, PortBlocks = blocks, Mtu = mtu };
            Assert.True(ServerAnswer.TryParse(answer, Options, Key, Pin, out _, out var fault) || fault.Length > 0);
        });
}
