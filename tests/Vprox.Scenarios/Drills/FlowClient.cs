using System.Net.Sockets;
using System.Text.Json;
using Vprox.Scenarios.Flows;

namespace Vprox.Scenarios.Drills;

/// <summary>Asks the flow client's process what it saw.</summary>
public sealed class FlowClient(string socketPath)
{
    /// <param name="arrivals">True to be told when everything arrived, too.</param>
    /// <param name="cancel">Ends the wait for the answer.</param>
    /// <exception cref="SocketException">The client does not answer (yet).</exception>
    public async Task<FlowReport> AskAsync(bool arrivals, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(arrivals ? "a"u8.ToArray() : "-"u8.ToArray(), cancel);
        return await JsonSerializer.DeserializeAsync<FlowReport>(stream, cancellationToken: cancel)
            ?? throw new InvalidDataException("The flow client answered nothing");
    }
}
