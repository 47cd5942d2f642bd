using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vprox.Bench.Connects;

/// <summary>One of a crowd: a TCP connection, a whole TLS handshake, POST /connect. Never waits; <see cref="GoOn"/> does what the socket lets it do.</summary>
internal sealed unsafe class CrowdClient : IDisposable
{
    private const int StatusLength = 512;

    private readonly Socket _socket;
    private readonly LibSsl.Session _session;
    private readonly byte[] _request;
    private bool _isShaken;
    private bool _hasAsked;

    public CrowdClient(LibSsl.Context context, IPEndPoint server, GrantSupply.Item grant)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        _session = LibSsl.New(context);
        _ = LibSsl.SetSocket(_session, Descriptor);
        var body = $$"""{"PeerPublicKey":"{{grant.Key}}"}""";
        _request = Encoding.ASCII.GetBytes(
            $"POST /connect HTTP/1.1\r\nHost: {server.Address}\r\nAuthorization: Bearer {grant.Token}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
    }

    public int Descriptor => (int)_socket.Handle;

    /// <summary>The first line of what came back, or why nothing did; null as long as neither is known.</summary>
    public string? Outcome { get; private set; }

    /// <summary>Goes on until the socket has nothing or takes nothing more, as edge-triggered epoll(7) asks for. Not to be called once the outcome is known.</summary>
    public void GoOn()
    {
        LibSsl.ClearErrors();
        if (!_isShaken && !(_isShaken = IsDone(LibSsl.Connect(_session), "the handshake failed")))
            return;
        fixed (byte* request = _request)
        {
            // All of it or nothing, as long as SSL_MODE_ENABLE_PARTIAL_WRITE is not set.
            if (!_hasAsked && !(_hasAsked = IsDone(LibSsl.Write(_session, request, _request.Length), "the request was not taken")))
                return;
        }
        var answer = stackalloc byte[StatusLength];
        var length = LibSsl.Read(_session, answer, StatusLength);
        if (IsDone(length, "the connection ended"))
            Outcome = Encoding.ASCII.GetString(answer, length).Split('\r')[0];
    }

    public void Dispose()
    {
        _session.Dispose();
        _socket.Dispose();
    }

    private bool IsDone(int result, string failure)
    {
        if (result > 0)
            return true;
        if (LibSsl.GetError(_session, result) is var error and not (LibSsl.WantRead or LibSsl.WantWrite))
            Outcome = $"{failure} (SSL_get_error {error})";
        return false;
    }
}
