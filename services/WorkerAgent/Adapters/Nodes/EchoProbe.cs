using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Nodes;

/// <summary>
/// Pings a server's inner address through its tunnel (RFC 792). A socket bound to the interface: no route, rule or other tunnel can lead it
/// elsewhere. A ping socket where ping_group_range lets us (icmp(7)): the kernel gives it the answers to its own requests and no others; a raw one
/// otherwise. The socket is made and thrown away per call, so nothing is left of an interface that went.
/// </summary>
public sealed class EchoProbe : IEchoProbe
{
    private const int SOL_SOCKET = 1;
    private const int SO_BINDTODEVICE = 25;
    private const byte EchoRequest = 8;
    private const byte EchoReply = 0;
    private const int HeaderSize = 8;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public Task<bool> AnswersAsync(int slot, IPAddress server, IReadOnlyList<TimeSpan> patience, CancellationToken cancellationToken) =>
        AnswersAsync(TunnelNames.Interface(slot), server, patience, cancellationToken);

    /// <summary>The same through an interface of any name.</summary>
    public static async Task<bool> AnswersAsync(string link, IPAddress server, IReadOnlyList<TimeSpan> patience, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = Open();
            socket.SetRawSocketOption(SOL_SOCKET, SO_BINDTODEVICE, Encoding.ASCII.GetBytes(link + "\0"));
            var identifier = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue);
            for (ushort sequence = 1; sequence <= patience.Count; sequence++)
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                deadline.CancelAfter(patience[sequence - 1]);
                if (await TryAsync(socket, server, identifier, sequence, deadline.Token, cancellationToken))
                    return true;
            }
            return false;
        }
        catch (SocketException)
        {
            // The interface is gone or down: nothing answers through it.
            return false;
        }
    }

    private static Socket Open()
    {
        try
        {
            return new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Icmp);
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.AccessDenied)
        {
            return new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
        }
    }

    private static async Task<bool> TryAsync(
        Socket socket, IPAddress server, ushort identifier, ushort sequence, CancellationToken deadline, CancellationToken cancellationToken)
    {
        try
        {
            await socket.SendToAsync(Request(identifier, sequence), SocketFlags.None, new IPEndPoint(server, 0), deadline);
        }
        catch (SocketException) when (!cancellationToken.IsCancellationRequested)
        {
            // WireGuard without a session for too long refuses at once (ENOKEY, EDESTADDRREQ); the next try starts another handshake.
            await Task.Delay(Rest, deadline).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
        var buffer = new byte[1500];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), deadline);
                var datagram = buffer.AsMemory(0, received.ReceivedBytes);
                if (((IPEndPoint)received.RemoteEndPoint).Address.Equals(server)
                    && (socket.SocketType == SocketType.Raw ? IsReply(datagram.Span, identifier, sequence) : IsReply(datagram.Span, sequence)))
                    return true;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    internal static byte[] Request(ushort identifier, ushort sequence)
    {
        var packet = new byte[HeaderSize];
        packet[0] = EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), identifier);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), sequence);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), Checksum(packet));
        return packet;
    }

    /// <summary>A ping socket's identifier is the kernel's affair (ping_get_port, net/ipv4/ping.c).</summary>
    internal static bool IsReply(ReadOnlySpan<byte> message, ushort sequence) =>
        message.Length >= HeaderSize
        && message[0] == EchoReply
        // An answer to an earlier try is an answer.
        && BinaryPrimitives.ReadUInt16BigEndian(message[6..]) <= sequence;

    // A raw socket is given the IP header as well, its length in 32-bit words in the low half of the first octet.
    internal static bool IsReply(ReadOnlySpan<byte> datagram, ushort identifier, ushort sequence)
    {
        var header = datagram.IsEmpty ? 0 : (datagram[0] & 0x0f) * 4;
        if (datagram.Length < header + HeaderSize)
            return false;
        var message = datagram[header..];
        return BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == identifier && IsReply(message, sequence);
    }

    /// <summary>RFC 1071.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~sum;
    }
}
