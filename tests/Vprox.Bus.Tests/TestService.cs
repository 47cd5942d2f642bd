using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;

namespace Vprox.Bus.Tests;

/// <summary>What consumers have seen, by message.</summary>
internal sealed class Inbox
{
    public ConcurrentQueue<object> Messages { get; } = new();

    public Func<object, Task> OnMessage { get; set; } = _ => Task.CompletedTask;

    public Task<T> NextAsync<T>(Func<T, bool> match) where T : class =>
        Eventually.GetAsync(() => Task.FromResult(Messages.OfType<T>().FirstOrDefault(match)), $"a {typeof(T).Name}");
}

internal sealed class InboxConsumer<T>(Inbox inbox) : IConsumer<T> where T : class
{
    public async Task Consume(ConsumeContext<T> context)
    {
        await inbox.OnMessage(context.Message);
        inbox.Messages.Enqueue(context.Message);
    }
}

/// <summary>A service with the given queues, run in this process.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestService(WebApplication app) => this.app = app;

    public Inbox Inbox => app.Services.GetRequiredService<Inbox>();

    public IMessagePublisher Publisher => app.Services.GetRequiredService<IMessagePublisher>();

    public IMessageRequester Requester => app.Services.GetRequiredService<IMessageRequester>();

    public IBusConnection Connection => app.Services.GetRequiredService<IBusConnection>();

    public WebApplication App => app;

    public static async Task<TestService> StartAsync(string uri, Action<VproxBusBuilder> configure, bool connected = true, params string[] args)
    {
        var app = await VproxHost.BuildAsync("test", ["--Bus:Uri", uri, .. args], builder =>
        {
            builder.Services.AddSingleton<Inbox>();
            builder.AddVproxBus(configure);
        });
        var service = new TestService(app);
        await app.StartAsync();
        if (connected) await service.Connection.WaitForConnectionAsync(0, default).WaitAsync(Eventually.Deadline);
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
