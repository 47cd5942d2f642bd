using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.WorkerAgent.Core;
using Vprox.WorkerAgent.Tests.Core;
using Vprox.WorkerAgent.Tests.Live;
using Vprox.WorkerAgent.Workers;

namespace Vprox.WorkerAgent.Tests.Workers;

/// <summary>What Failover is told of lost tunnels, with a broker that comes and goes.</summary>
public sealed class LossReportsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly Scene _scene = new();
    private readonly WorkerInbox _inbox = new();
    private readonly Broker _broker = new();
    private readonly Announcer _announcer;
    private readonly LossReports _losses;

    public LossReportsTests()
    {
        _announcer = new Announcer(_broker, _time, NullLogger<Announcer>.Instance);
        _losses = new LossReports(_announcer, _time);
    }

    public async ValueTask InitializeAsync()
    {
        _scene.Route("c1");
        await _announcer.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _announcer.StopAsync(CancellationToken.None);
        _announcer.Dispose();
    }

    [Fact]
    public async Task A_loss_is_said_again_while_it_lasts_and_not_after()
    {
        _scene.On(new WorkerEvent.FellSilent("p1"));
        await RoundsUntilAsync(() => _broker.Of<TunnelLost>().Count() == 3);
        Assert.All(_broker.Of<TunnelLost>(), lost => Assert.Equal("192.0.2.10", Assert.Single(lost.Addresses)));

        _scene.On(new WorkerEvent.Answered("p1"));
        await RoundsUntilAsync(() => _broker.Of<TunnelRestored>().Count() == 3);

        Assert.InRange(_broker.Of<TunnelLost>().Count(), 3, 4);
    }

    [Fact]
    public async Task A_return_is_said_some_times_and_then_no_more()
    {
        _scene.On(new WorkerEvent.FellSilent("p1"));
        await RoundsUntilAsync(() => _broker.Of<TunnelLost>().Any());
        _scene.On(new WorkerEvent.Answered("p1"));
        await RoundsUntilAsync(() => _broker.Of<TunnelRestored>().Any() && _losses.NextTime is null);

        Assert.InRange(_broker.Of<TunnelRestored>().Count(), 2, 6);
    }

    [Fact]
    public async Task A_worker_that_was_cut_off_itself_comes_back_without_old_complaints()
    {
        _broker.IsAway = true;
        _scene.On(new WorkerEvent.FellSilent("p1"));
        await RoundsUntilAsync(() => _broker.Attempts > 1);
        _scene.On(new WorkerEvent.Answered("p1"));
        Round();

        _broker.IsAway = false;
        await RoundsUntilAsync(() => _broker.Of<TunnelRestored>().Any() || _losses.NextTime is null);

        Assert.Empty(_broker.Of<TunnelLost>());
    }

    [Fact]
    public async Task A_loss_that_lasts_is_said_when_the_broker_is_back()
    {
        _broker.IsAway = true;
        _scene.On(new WorkerEvent.FellSilent("p1"));
        await RoundsUntilAsync(() => _broker.Attempts > 1);

        _broker.IsAway = false;

        await RoundsUntilAsync(() => _broker.Of<TunnelLost>().Any());
    }

    private void Round()
    {
        foreach (var letter in _inbox.Take())
        {
            if (letter.Event is WorkerEvent.LossDelivered delivered)
            {
                _scene.On(delivered);
                _losses.Arrived(delivered);
            }
        }
        _inbox.State = _scene.State;
        _losses.Announce(_scene.State, _inbox);
    }

    private Task RoundsUntilAsync(Func<bool> condition) => WorkerNetwork.UntilAsync("what is to be said is said", () =>
    {
        Round();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        return condition();
    });

    private sealed class Broker : IMessagePublisher
    {
        private readonly ConcurrentQueue<object> _published = new();
        private volatile bool _isAway;
        private int _attempts;

        public bool IsAway
        {
            get => _isAway;
            set => _isAway = value;
        }

        public int Attempts => _attempts;

        public IEnumerable<T> Of<T>() => _published.OfType<T>();

        public Task PublishAsync<T>(T message, CancellationToken cancellationToken) where T : class
        {
            Interlocked.Increment(ref _attempts);
            if (IsAway)
                throw new BusUnavailableException("away");
            _published.Enqueue(message);
            return Task.CompletedTask;
        }

        public Task PublishToAsync<T>(string routingKey, T message, CancellationToken cancellationToken) where T : class =>
            PublishAsync(message, cancellationToken);
    }
}
