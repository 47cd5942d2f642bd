using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Vprox.Addressing;
using Vprox.Lab.Namespaces;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Nodes;

namespace Vprox.Cli.Tests.Live;

/// <summary>
/// What modal-labs/vprox's client does, from its source: lib/client.go and cmd/connect.go at 0a29730 with one tunnel, which is its default. Written after
/// it, not copied; the program itself cannot be had where these tests run.
/// </summary>
internal sealed class ModalClient(NetworkNamespace host) : IDisposable
{
    private readonly WireGuardPrivateKey _key = WireGuardPrivateKey.Generate();
    private readonly IWireGuardClient _wireGuard = host.Run(() => WireGuardClient.Open(WireGuardBackend.Auto));
    private Ipv4Prefix _subnet;

    public string Interface { get; } = $"mv{RandomNumberGenerator.GetInt32(10_000, 9_999_999)}";

    public WireGuardKey PublicKey => _key.PublicKey();

    /// <summary>connectRequest and disconnectRequest have one field and no tag, so the field's name is the key.</summary>
    public string Body => $$"""{"PeerPublicKey":"{{PublicKey}}"}""";

    /// <summary>CreateInterface, then Connect: sendConnectionRequest, LinkSetUp, updateInterface, configureWireguardTunnel.</summary>
    public async Task<RawHttps.Answer> ConnectAsync(string password = "open sesame")
    {
        await _wireGuard.CreateAsync(Interface, CancellationToken.None);
        var answer = await RawHttps.SendAsync(host, RawHttps.GoPost("/connect", password, Body));
        if (answer.Status != 200)
            return answer;
        // Unknown fields are ignored (encoding/json, Unmarshal).
        using var json = JsonDocument.Parse(answer.Body);
        var assigned = json.RootElement.GetProperty("AssignedAddr").GetString()!;
        _subnet = Ipv4Prefix.Containing(Ipv4.Parse(assigned.Split('/')[0]), int.Parse(assigned.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture));
        StandAloneNetwork.Ip(host, $"link set {Interface} mtu 1420 up");
        StandAloneNetwork.Ip(host, $"address add {assigned} dev {Interface}");
        await _wireGuard.ConfigureAsync(Interface, new DeviceConfig
        {
            PrivateKey = _key,
            ReplacePeers = true,
            Peers =
            [
                new PeerConfig
                {
                    PublicKey = WireGuardKey.Parse(json.RootElement.GetProperty("ServerPublicKey").GetString()!),
                    Endpoint = new IPEndPoint(StandAloneNetwork.Address, json.RootElement.GetProperty("ServerListenPort").GetInt32()),
                    PersistentKeepalive = TimeSpan.FromSeconds(25),
                    ReplaceAllowedIps = true,
                    AllowedIps = [Ipv4Prefix.Parse("0.0.0.0/0")],
                },
            ],
        }, CancellationToken.None);
        return answer;
    }

    /// <summary>CheckConnection: three pings to the first address of the subnet through the interface, 5 s.</summary>
    public Task<bool> CheckConnectionAsync() => host.RunAsync(() =>
        EchoProbe.AnswersAsync(Interface, _subnet.AddressAt(1), [.. Enumerable.Repeat(TimeSpan.FromSeconds(5.0 / 3), 3)], CancellationToken.None));

    /// <summary>Disconnect; whatever is not 200 is a warning to it.</summary>
    public Task<RawHttps.Answer> DisconnectAsync(string password = "open sesame") => RawHttps.SendAsync(host, RawHttps.GoPost("/disconnect", password, Body));

    public void Dispose()
    {
        _wireGuard.DeleteAsync(Interface, CancellationToken.None).GetAwaiter().GetResult();
        _wireGuard.Dispose();
    }
}
