using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Vprox.Lab.Namespaces;
using Vprox.NodeAgent.Core.Metadata;

namespace Vprox.Bench.Nodes;

/// <summary>IMDSv2 that always shows the same instance.</summary>
public sealed class InstanceMetadata : IAsyncDisposable
{
    public const string Address = "169.254.169.254";
    private readonly WebApplication _app;
    private readonly Socket _socket;

    private InstanceMetadata(WebApplication app, Socket socket) => (_app, _socket) = (app, socket);

    /// <summary>Answers inside a namespace.</summary>
    public static async Task<InstanceMetadata> StartAsync(NetworkNamespace place, IReadOnlyList<NetworkInterfaceMetadata> enis, CancellationToken cancel)
    {
        NodeHost.Ip(place, $"address add {Address}/32 dev lo");
        var socket = place.Run(() =>
        {
            var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listening.Bind(new IPEndPoint(IPAddress.Parse(Address), 80));
            listening.Listen();
            return listening;
        });
        var leaves = Leaves(enis);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenHandle((ulong)socket.Handle));
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, leaves));
        await app.StartAsync(cancel);
        return new InstanceMetadata(app, socket);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _socket.Dispose();
    }

    private static Task AnswerAsync(HttpContext context, Dictionary<string, string> leaves)
    {
        if (context.Request.Path == "/latest/api/token")
            return context.Response.WriteAsync("token");
        if (context.Request.Path.StartsWithSegments("/latest/meta-data", out var rest) && leaves.TryGetValue(rest.Value!.Trim('/'), out var text))
            return context.Response.WriteAsync(text);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Dictionary<string, string> Leaves(IReadOnlyList<NetworkInterfaceMetadata> enis)
    {
        const string macs = "network/interfaces/macs";
        var leaves = new Dictionary<string, string>
        {
            ["instance-id"] = NodeInput.NodeId,
            ["placement/region"] = "us-east-1",
            [macs] = string.Join('\n', enis.Select(eni => $"{eni.MacAddress}/")),
        };
        foreach (var eni in enis)
        {
            var mac = $"{macs}/{eni.MacAddress}";
            leaves[$"{mac}/interface-id"] = eni.NetworkInterfaceId;
            leaves[$"{mac}/subnet-id"] = eni.SubnetId;
            leaves[$"{mac}/subnet-ipv4-cidr-block"] = eni.Subnet.ToString();
            leaves[$"{mac}/device-number"] = $"{eni.DeviceNumber}";
            leaves[$"{mac}/local-ipv4s"] = string.Join('\n', eni.SecondaryAddresses.Prepend(eni.PrimaryAddress));
            leaves[$"{mac}/public-ipv4s"] = string.Join('\n', eni.PublicAddresses.Values);
            foreach (var (privateAddress, publicAddress) in eni.PublicAddresses)
                leaves[$"{mac}/ipv4-associations/{publicAddress}"] = $"{privateAddress}";
        }
        return leaves;
    }
}
