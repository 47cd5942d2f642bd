namespace Vprox.WorkerAgent.Core;

/// <summary>
/// Spreads the handshakes that this worker begins: a node under load answers 20 a second from one source and a burst of 5
/// (drivers/net/wireguard/ratelimiter.c), and drops the others. May be asked from any thread.
/// </summary>
public sealed class HandshakePace
{
    private const int Burst = 5;
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private DateTimeOffset _wholeAt;

    /// <summary>How long the next handshake has to wait; it counts as begun.</summary>
    public TimeSpan Next(DateTimeOffset now)
    {
        lock (_lock)
        {
            var wholeAt = _wholeAt > now ? _wholeAt : now;
            _wholeAt = wholeAt + Spacing;
            var wait = wholeAt - now - (Spacing * (Burst - 1));
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }
}
