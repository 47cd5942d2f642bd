using System.Net.Sockets;

namespace Vprox.Scenarios.Flows;

/// <summary>Writes to a TCP socket that must not block: what the socket does not take now waits.</summary>
internal sealed class Outbox(Socket socket)
{
    private byte[] _waiting = [];

    /// <summary>Writes, after all that waits.</summary>
    /// <returns>Success, or why the connection is broken.</returns>
    public SocketError Write(ReadOnlySpan<byte> bytes)
    {
        if (_waiting.Length > 0)
        {
            _waiting = [.. _waiting, .. bytes];
            return Flush();
        }
        var error = Send(bytes, out var sent);
        if (sent < bytes.Length)
            _waiting = bytes[sent..].ToArray();
        return error;
    }

    /// <summary>Writes what waits, as far as the socket takes it.</summary>
    public SocketError Flush()
    {
        if (_waiting.Length == 0)
            return SocketError.Success;
        var error = Send(_waiting, out var sent);
        _waiting = _waiting[sent..];
        return error;
    }

    private SocketError Send(ReadOnlySpan<byte> bytes, out int sent)
    {
        sent = socket.Send(bytes, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            error = SocketError.Success;
        if (sent < 0)
            sent = 0;
        return error;
    }
}
