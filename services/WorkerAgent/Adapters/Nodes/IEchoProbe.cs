using System.Net;

namespace Vprox.WorkerAgent.Adapters.Nodes;

/// <summary>Asks whether a server's inner address answers through a tunnel.</summary>
public interface IEchoProbe
{
    /// <summary>True as soon as one of the tries is answered.</summary>
    Task<bool> AnswersAsync(int slot, IPAddress server, int tries, TimeSpan patience, CancellationToken cancellationToken);
}
