using System.Security.Cryptography;
using System.Threading.Channels;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Vprox.Allocator.Consumers;
using Vprox.Allocator.Watch;
using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.Allocator.Tests.Bus;

/// <summary>The whole Allocator on a real broker, and a second service beside it that stands for nodes, workers and the scheduler.</summary>
internal sealed class RunningAllocator : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vprox-allocator-bus-");
    private readonly string _uri;
    private WebApplication? _allocator;
    private WebApplication? _others;

    private readonly int _addresses;

    private RunningAllocator(string uri, int addresses) => (_uri, _addresses) = (uri, addresses);

    public IServiceProvider Services => _allocator!.Services;

    /// <summary>What the Allocator answers at a path of its health listener.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var http = new HttpClient();
        var listener = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return await http.GetStringAsync(new Uri(listener + path));
    }

    public IMessagePublisher Publisher => _others!.Services.GetRequiredService<IMessagePublisher>();

    public IMessageRequester Requester => _others!.Services.GetRequiredService<IMessageRequester>();

    public static async Task<RunningAllocator> StartAsync(string uri, int addresses = 1)
    {
        var running = new RunningAllocator(uri, addresses);
        await running.StartOthersAsync();
        await running.StartAllocatorAsync();
        return running;
    }

    public async Task StartAllocatorAsync()
    {
        var keyFile = Path.Combine(_folder.FullName, "key");
        if (!File.Exists(keyFile))
        {
            await File.WriteAllTextAsync(keyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        _allocator = await VproxHost.BuildAsync(
            "allocator",
            [
                "--Bus:Uri", _uri,
                "--Allocator:Database", $"Data Source={Path.Combine(_folder.FullName, "allocator.db")}",
                "--Allocator:KeyFile", keyFile,
                "--Allocator:Regions:0:Name", "us-east-1",
                "--Allocator:Regions:0:Subnets:0:SubnetId", "subnet-1",
                "--Allocator:Regions:0:Subnets:0:PrivateRange", "10.0.0.0/16",
                .. Enumerable.Range(1, _addresses).SelectMany(number => new[]
                {
                    $"--Allocator:Regions:0:ElasticIps:{number - 1}:Address", $"192.0.2.{number}",
                    $"--Allocator:Regions:0:ElasticIps:{number - 1}:AllocationId", $"eipalloc-{number}",
                }),
            ],
            host =>
            {
                var options = host.AddValidatedOptions<AllocatorOptions>("Allocator");
                host.Services.AddAllocator(options).AddAllocatorWorkers();
                host.AddHealthPage("/fleet", FleetPage.AnswerAsync);
                host.AddHealthPage("/ports", PortsPage.AnswerAsync);
                host.AddVproxBus(AllocatorQueues.Add);
            });
        await StartAsync(_allocator);
    }

    public async Task StopAllocatorAsync()
    {
        await _allocator!.StopAsync();
        await _allocator.DisposeAsync();
        _allocator = null;
    }

    /// <summary>The next message of a type that the Allocator published.</summary>
    public Task<T> NextAsync<T>() where T : class => _others!.Services.GetRequiredService<Heard<T>>().NextAsync().WaitAsync(Deadline);

    public async ValueTask DisposeAsync()
    {
        if (_allocator is not null)
            await StopAllocatorAsync();
        if (_others is not null)
        {
            await _others.StopAsync();
            await _others.DisposeAsync();
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private async Task StartOthersAsync()
    {
        _others = await VproxHost.BuildAsync("others", ["--Bus:Uri", _uri], host =>
        {
            host.Services.AddSingleton(typeof(Heard<>));
            host.AddVproxBus(bus => bus.Queue($"vprox.test.{Guid.NewGuid():N}", QueueKind.Expiring, queue => queue
                .Consumer<HeardConsumer<StaticIpPlaced>>()
                .Consumer<HeardConsumer<StaticIpReleased>>()
                .Consumer<HeardConsumer<NodeDrained>>()
                .Consumer<HeardConsumer<ProxyReady>>()
                .Consumer<HeardConsumer<ProxyRejected>>()));
        });
        await StartAsync(_others);
    }

    private static async Task StartAsync(WebApplication service)
    {
        await service.StartAsync();
        await service.Services.GetRequiredService<IBusConnection>().WaitForConnectionAsync(0, CancellationToken.None).WaitAsync(Deadline);
    }
}

internal sealed class Heard<T> where T : class
{
    private readonly Channel<T> _messages = Channel.CreateUnbounded<T>();

    public void Add(T message) => _messages.Writer.TryWrite(message);

    public Task<T> NextAsync() => _messages.Reader.ReadAsync().AsTask();
}

internal sealed class HeardConsumer<T>(Heard<T> heard) : IConsumer<T> where T : class
{
    public Task Consume(ConsumeContext<T> context)
    {
        heard.Add(context.Message);
        return Task.CompletedTask;
    }
}
