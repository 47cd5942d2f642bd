using Vprox.WorkerAgent.Core;

namespace Vprox.Cli.Connect;

/// <summary>How often a server is asked, and how long its answer gets to show in the tunnel. Pure.</summary>
internal static class ReconnectPace
{
    private static readonly TimeSpan Try = TimeSpan.FromMilliseconds(250);
    private const int FirstTries = 3;
    private const int MostTries = 24;

    // What will be said again costs a server as much as what is new.
    private const int AttemptsAheadWhenFinal = 2;

    /// <summary>The wait before the server is asked again.</summary>
    /// <param name="reply">What became of the last attempt; one that was agreed to counts as well, while nothing comes through the tunnel.</param>
    /// <param name="attempt">Attempts so far, 1 or more.</param>
    /// <param name="spread">A random number in 0..1, given by the caller.</param>
    public static TimeSpan Wait(ServerClient.Reply reply, int attempt, double spread) => reply switch
    {
        ServerClient.Reply.Failed { Final: true } => Backoff.Delay(attempt + AttemptsAheadWhenFinal, spread),
        // Nobody was there to be burdened, and whoever waits is dark.
        ServerClient.Reply.Failed { Heard: false } => Backoff.OfHandshakes(attempt, spread),
        ServerClient.Reply.Failed failed => Backoff.Delay(attempt, spread, failed.RetryAfter),
        _ => Backoff.Delay(attempt, spread),
    };

    /// <summary>A ping for each, and how long it waits before the next: 0.75 s for each attempt so far, 6 s at most. A handshake and a ping take two round trips.</summary>
    public static IReadOnlyList<TimeSpan> Proof(int attempt) => [.. Enumerable.Repeat(Try, Math.Min(FirstTries * Math.Min(attempt, MostTries), MostTries))];
}
