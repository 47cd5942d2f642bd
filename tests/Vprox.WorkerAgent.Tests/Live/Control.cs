using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.WorkerAgent.Tests.Live;

/// <summary>The rest of Vprox as the worker sees it: a scheduler that starts and stops containers, an Allocator that grants, and a listener.</summary>
public sealed class Control : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Memory _memory;

    private Control(WebApplication app, Memory memory) => (_app, _memory) = (app, memory);

    public IEnumerable<ContainerRouted> Routed => _memory.Messages.OfType<ContainerRouted>();

    public IEnumerable<ContainerRefused> Refused => _memory.Messages.OfType<ContainerRefused>();

    public IEnumerable<TunnelLost> Lost => _memory.Messages.OfType<TunnelLost>();

    public IEnumerable<TunnelRestored> Restored => _memory.Messages.OfType<TunnelRestored>();

    public IEnumerable<PortsExhausted> Exhausted => _memory.Messages.OfType<PortsExhausted>();

    public IEnumerable<RequestGrant> Requests => _memory.Messages.OfType<RequestGrant>();

    public int Grants => _memory.Messages.OfType<RequestGrant>().Count();

    /// <summary>Connects; grants come from the function given.</summary>
    public static async Task<Control> StartAsync(string brokerUri, string workerId, Func<RequestGrant, object> grant)
    {
        var memory = new Memory(workerId, grant);
        var app = await VproxHost.BuildAsync("worker-test", [$"--Bus:Uri={brokerUri}", "--Health:Url=http://127.0.0.1:0", "--Log:Level=Warning"], host =>
        {
            host.Services.AddSingleton(memory);
            host.AddVproxBus(bus => bus.Queue($"worker-test.{workerId}", QueueKind.Transient, queue => queue.Consumer<Listener>()));
        });
        await app.StartAsync();
        return new Control(app, memory);
    }

    public Task StartAsync(string workerId, string containerId, string ip, string proxyId = "p1", string? workspaceId = null) =>
        PublishAsync(workerId, new ContainerStarted { ContainerId = containerId, ContainerIp = ip, ProxyId = proxyId, WorkspaceId = workspaceId });

    public Task StopAsync(string workerId, string containerId) => PublishAsync(workerId, new ContainerStopped { ContainerId = containerId });

    /// <summary>Failover says that an address has moved.</summary>
    public Task MoveAsync(string address, long generation) => _app.Services.GetRequiredService<IMessagePublisher>().PublishAsync(
        new IpReassigned { Address = address, FromNodeId = "i-1", ToNodeId = "i-2", Generation = generation, StepsMs = new Dictionary<string, double>() }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task PublishAsync<T>(string workerId, T message) where T : class
    {
        var publisher = _app.Services.GetRequiredService<IMessagePublisher>();
        // Mandatory: as long as the agent has not bound its queue, the broker gives the message back.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await publisher.PublishToAsync(workerId, message, CancellationToken.None);
                return;
            }
            catch (BusUnavailableException) when (attempt < 150)
            {
                await Task.Delay(200);
            }
        }
    }

    public sealed record Memory(string WorkerId, Func<RequestGrant, object> Grant)
    {
        public ConcurrentQueue<object> Messages { get; } = new();
    }

    public sealed class Listener(Memory memory)
        : IConsumer<ContainerRouted>, IConsumer<ContainerRefused>, IConsumer<TunnelLost>, IConsumer<TunnelRestored>, IConsumer<RequestGrant>, IConsumer<PortsExhausted>
    {
        public Task Consume(ConsumeContext<ContainerRouted> context) => Keep(context.Message.WorkerId, context.Message);

        public Task Consume(ConsumeContext<ContainerRefused> context) => Keep(context.Message.WorkerId, context.Message);

        public Task Consume(ConsumeContext<TunnelLost> context) => Keep(context.Message.WorkerId, context.Message);

        public Task Consume(ConsumeContext<TunnelRestored> context) => Keep(context.Message.WorkerId, context.Message);

        public Task Consume(ConsumeContext<PortsExhausted> context) => Keep(context.Message.WorkerId, context.Message);

        public async Task Consume(ConsumeContext<RequestGrant> context)
        {
            // Other tests' workers ask on the same exchange.
            if (context.Message.WorkerId != memory.WorkerId)
                return;
            await Keep(memory.WorkerId, context.Message);
            if (memory.Grant(context.Message) is GrantIssued issued)
                await context.RespondAsync(issued);
            else if (memory.Grant(context.Message) is GrantRefused refused)
                await context.RespondAsync(refused);
        }

        private Task Keep(string workerId, object message)
        {
            if (workerId == memory.WorkerId)
                memory.Messages.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
