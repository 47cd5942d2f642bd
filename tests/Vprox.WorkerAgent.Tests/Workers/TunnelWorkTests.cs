using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vprox.Identity;
using Vprox.WorkerAgent.Adapters.Nodes;
using Vprox.WorkerAgent.Core;
using Vprox.WorkerAgent.Tests.Core;
using Vprox.WorkerAgent.Workers;

namespace Vprox.WorkerAgent.Tests.Workers;

/// <summary>Real requests to a node that answers what it is told to.</summary>
public sealed class TunnelWorkTests : IAsyncLifetime
{
    private readonly X509Certificate2 _certificate = SelfSigned();
    private readonly WorkerInbox _inbox = new();
    private WebApplication _node = null!;
    private (int Status, string? RetryAfter) _answer;

    [Theory]
    [InlineData(429, "2", 2, 2.5)]
    [InlineData(503, "2", 2, 2.5)]
    // Nobody is told to wait for longer than a minute.
    [InlineData(429, "86400", 60, 75)]
    // A number that is none: the worker's own time, which is the third attempt's.
    [InlineData(429, "soon", 0.5, 1)]
    [InlineData(429, null, 0.5, 1)]
    [InlineData(500, "2", 0.5, 1)]
    public async Task A_busy_node_is_asked_again_when_it_wants_to_be_and_spread(int status, string? retryAfter, double soonest, double latest)
    {
        _answer = (status, retryAfter);
        var first = await ConnectAsync();
        Assert.InRange(first.Delay.TotalSeconds, soonest, latest);
        Assert.Contains($"{status}", first.Refusal.Reason, StringComparison.Ordinal);
        Assert.NotEqual(first.Delay, (await ConnectAsync()).Delay);
    }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
        _node = builder.Build();
        _node.MapPost("/connect", (HttpContext context) =>
        {
            context.Response.Headers.RetryAfter = _answer.RetryAfter;
            return Results.Problem(statusCode: _answer.Status);
        });
        await _node.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task<WorkerEvent.AttemptFailed> ConnectAsync()
    {
        var url = _node.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var options = new WorkerAgentOptions { WorkerId = "w1", NodeHttpsPort = new Uri(url).Port };
        var scene = new Scene().Start("c1").Kernel();
        var grant = scene.GrantFor("ws1", "127.0.0.1") with { TlsPin = TlsPin.Of(_certificate), ExpiresAt = DateTimeOffset.MaxValue };
        var duty = Assert.IsType<Duty.ConnectToNode>(Assert.Single(scene.On(new WorkerEvent.Granted("p1", grant)).Due));
        // A connect needs neither the Allocator nor the kernel.
        var work = new TunnelWork(_inbox, null!, new NodeClient(options, TimeProvider.System), null!, null!, options, TimeProvider.System, NullLogger<TunnelWork>.Instance);
        work.Begin([new Duty.ConnectToNode(duty.Tunnel with { Attempt = 2 })], CancellationToken.None);

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await _inbox.WaitAsync(deadline.Token))
        {
            foreach (var letter in _inbox.Take())
            {
                letter.Journalled?.SetResult();
                if (letter.Event is WorkerEvent.AttemptFailed failed)
                    return failed;
            }
        }
        throw new InvalidOperationException("the inbox was closed");
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=vprox", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
