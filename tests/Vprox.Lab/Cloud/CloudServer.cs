using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vprox.Lab.Cloud.Admin;
using Vprox.Lab.Cloud.Ec2;
using Vprox.Lab.Cloud.Imds;
using Vprox.Lab.Cloud.Sqs;

namespace Vprox.Lab.Cloud;

/// <summary>
/// A cloud that AWSSDK.EC2, AWSSDK.SQS and an IMDSv2 client talk to unchanged: EC2 and SQS on one endpoint (as ServiceURL), IMDS on
/// others, and under /lab/ what a test sets and asks.
/// </summary>
public sealed class CloudServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CloudServer(WebApplication app, CloudRegion region, Uri api, IReadOnlyDictionary<string, Uri> metadata)
    {
        _app = app;
        Region = region;
        Api = api;
        Metadata = metadata;
    }

    public CloudRegion Region { get; }

    /// <summary>ServiceURL of EC2 and SQS.</summary>
    public Uri Api { get; }

    /// <summary>IMDS of each instance that has a listener of its own.</summary>
    public IReadOnlyDictionary<string, Uri> Metadata { get; }

    /// <summary>The URL of a queue.</summary>
    public string QueueUrl(string name) => new Uri(Api, $"/123456789012/{name}").ToString();

    /// <param name="options">Where it listens and what it holds.</param>
    /// <param name="time">A test's clock; null for the real one.</param>
    /// <param name="more">Adds services that run beside it, such as a data path.</param>
    public static async Task<CloudServer> StartAsync(CloudOptions options, TimeProvider? time = null, Action<IServiceCollection>? more = null)
    {
        time ??= TimeProvider.System;
        var region = new CloudRegion(options.Seed, time) { Settings = options.Settings };
        var instanceByPort = new Dictionary<int, string>();

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            foreach (var port in (int[])[options.ApiPort, .. options.MoreApiPorts])
                kestrel.Listen(IPAddress.Parse(options.ApiAddress), port);
            if (options.MetadataAddress is { } address)
                kestrel.Listen(IPAddress.Parse(address), options.MetadataPort);
            foreach (var _ in options.MetadataPortFor)
                kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddSingleton(region).AddSingleton(time).AddHostedService<RegionClock>();
        builder.Services.AddRoutingCore();
        more?.Invoke(builder.Services);
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();

        var ec2 = new Ec2Endpoint(region, time);
        var sqs = new SqsEndpoint(region);
        var imds = new ImdsEndpoint(region, instanceByPort, time);
        var metadataPorts = new HashSet<int>();
        app.MapWhen(context => metadataPorts.Contains(context.Connection.LocalPort), branch => branch.Run(imds.HandleAsync));
        app.MapWhen(context => SqsEndpoint.Handles(context.Request), branch => branch.Run(sqs.HandleAsync));
        app.MapWhen(
            context => HttpMethods.IsPost(context.Request.Method) && context.Request.Path == "/",
            branch => branch.Run(ec2.HandleAsync));
        app.UseRouting();
        app.MapAdmin(region);
        await app.StartAsync();

        // Kestrel reports its addresses in the order they were asked for.
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address)).ToList();
        var apis = 1 + options.MoreApiPorts.Count;
        var own = options.MetadataAddress is null ? apis : apis + 1;
        foreach (var uri in bound.Skip(apis))
            metadataPorts.Add(uri.Port);
        var metadata = new Dictionary<string, Uri>();
        foreach (var (index, instance) in options.MetadataPortFor.Index())
        {
            metadata[instance] = bound[own + index];
            instanceByPort[bound[own + index].Port] = instance;
        }
        return new CloudServer(app, region, bound[0], metadata);
    }

    public Task WaitForShutdownAsync(CancellationToken cancel) => _app.WaitForShutdownAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
