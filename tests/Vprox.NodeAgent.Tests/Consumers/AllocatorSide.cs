using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.NodeAgent.Tests.Consumers;

/// <summary>The other end of a node's messages, on the real bus: it hears what nodes say, answers snapshots, and publishes what a test wants.</summary>
internal sealed class AllocatorSide : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AllocatorSide(WebApplication app) => _app = app;

    public Heard Heard => _app.Services.GetRequiredService<Heard>();

    public IMessagePublisher Publisher => _app.Services.GetRequiredService<IMessagePublisher>();

    public static async Task<AllocatorSide> StartAsync(string uri)
    {
        var app = await VproxHost.BuildAsync("allocator-side", ["--Bus:Uri", uri], host =>
        {
            host.Services.AddSingleton<Heard>();
            host.AddVproxBus(bus => bus
                .Queue($"test.{Guid.NewGuid():N}", QueueKind.Transient, queue => queue
                    .Consumer<Hears<NodeJoined>>()
                    .Consumer<Hears<NodeAddressesChanged>>()
                    .Consumer<Hears<StaticIpServing>>()
                    .Consumer<Hears<PeerAdded>>()
                    .Consumer<AnswersSnapshots>())
                .Heartbeats<Hears<NodeHeartbeat>>());
        });
        await app.StartAsync();
        await app.Services.GetRequiredService<IBusConnection>().WaitForConnectionAsync(0, default).WaitAsync(TimeSpan.FromSeconds(60));
        return new AllocatorSide(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>What was heard, and what snapshots say.</summary>
internal sealed class Heard
{
    private readonly ConcurrentQueue<object> _messages = new();

    public ConcurrentDictionary<string, NodeSnapshot> Snapshots { get; } = new();

    public IEnumerable<T> Of<T>() => _messages.OfType<T>();

    public void Add(object message) => _messages.Enqueue(message);
}

internal sealed class Hears<T>(Heard heard) : IConsumer<T> where T : class
{
    public Task Consume(ConsumeContext<T> context)
    {
        heard.Add(context.Message);
        return Task.CompletedTask;
    }
}

internal sealed class AnswersSnapshots(Heard heard) : IConsumer<RequestNodeSnapshot>
{
    public Task Consume(ConsumeContext<RequestNodeSnapshot> context) => context.RespondAsync(
        heard.Snapshots.GetValueOrDefault(context.Message.NodeId)
            ?? new NodeSnapshot { NodeId = context.Message.NodeId, Known = false, Placements = [] });
}
