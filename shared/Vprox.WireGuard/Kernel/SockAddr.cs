using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Vprox.WireGuard.Kernel;

/// <summary>An endpoint as struct sockaddr_in or sockaddr_in6 (netinet/in.h): family and scope in host order, the rest in network order.</summary>
internal static class SockAddr
{
    private const int Ipv4Size = 16, Ipv6Size = 28;

    /// <summary>The structure's bytes.</summary>
    public static byte[] Encode(IPEndPoint endpoint)
    {
        var ipv4 = endpoint.AddressFamily == AddressFamily.InterNetwork;
        var bytes = new byte[ipv4 ? Ipv4Size : Ipv6Size];
        MemoryMarshal.Write(bytes, ipv4 ? Uapi.AF_INET : Uapi.AF_INET6);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)endpoint.Port);
        endpoint.Address.TryWriteBytes(bytes.AsSpan(ipv4 ? 4 : 8), out _);
        if (!ipv4)
            MemoryMarshal.Write(bytes.AsSpan(24), (uint)endpoint.Address.ScopeId);
        return bytes;
    }

    /// <summary>Reads the structure.</summary>
    /// <exception cref="WireGuardException">Another family, or not its size.</exception>
    public static IPEndPoint Decode(ReadOnlySpan<byte> bytes)
    {
        var family = bytes.Length >= Ipv4Size ? MemoryMarshal.Read<ushort>(bytes) : 0;
        if ((family, bytes.Length) is not ((Uapi.AF_INET, Ipv4Size) or (Uapi.AF_INET6, Ipv6Size)))
            throw new WireGuardException($"malformed endpoint: {bytes.Length} bytes of address family {family}");
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return family == Uapi.AF_INET
            ? new IPEndPoint(new IPAddress(bytes.Slice(4, 4)), port)
            : new IPEndPoint(new IPAddress(bytes.Slice(8, 16), MemoryMarshal.Read<uint>(bytes[24..])), port);
    }
}
