using System.Net;

namespace Vprox.WorkerAgent.Adapters.Nodes;

/// <summary>Asks whether a server's inner address answers through a tunnel.</summary>
public interface IEchoProbe
{
    /// <summary>True as soon as one of the tries is answered, be it late.</summary>
    /// <param name="slot">The tunnel's.</param>
    /// <param name="server">The address to ask.</param>
    /// <param name="patience">A try for each, and how long it waits before the next.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<bool> AnswersAsync(int slot, IPAddress server, IReadOnlyList<TimeSpan> patience, CancellationToken cancellationToken);
}
