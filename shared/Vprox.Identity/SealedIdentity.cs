using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Vprox.Identity;

/// <summary>An identity on its way to a node: base64 of a <see cref="SealedBox"/> bound to the address and the node, as StaticIpPlaced carries it.</summary>
public static class SealedIdentity
{
    /// <summary>Seals an identity for one node.</summary>
    /// <param name="identity">The keys of the address.</param>
    /// <param name="recipient">The node's public key.</param>
    /// <param name="address">The static address the keys belong to.</param>
    /// <param name="nodeId">The node that may open it.</param>
    public static string Seal(StaticIpIdentity identity, SealingPublicKey recipient, IPAddress address, string nodeId)
    {
        var bytes = identity.ToBytes();
        try
        {
            return Seal(bytes, recipient, address, nodeId);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>As the other overload, for keys that were stored as bytes: without deriving their public halves, which takes longer than to seal.</summary>
    /// <param name="identity">What <see cref="StaticIpIdentity.ToBytes"/> wrote.</param>
    /// <param name="recipient">The node's public key.</param>
    /// <param name="address">The static address the keys belong to.</param>
    /// <param name="nodeId">The node that may open it.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static string Seal(ReadOnlySpan<byte> identity, SealingPublicKey recipient, IPAddress address, string nodeId) =>
        identity.Length == StaticIpIdentity.Size
            ? Convert.ToBase64String(SealedBox.Seal(recipient, identity, Context(address, nodeId)))
            : throw new ArgumentException($"an identity has {StaticIpIdentity.Size} bytes, not {identity.Length}", nameof(identity));

    /// <summary>Opens an identity.</summary>
    /// <exception cref="CryptographicException">Not for this key, address and node, or changed, or not base64.</exception>
    public static StaticIpIdentity Open(SealingKey recipient, string text, IPAddress address, string nodeId)
    {
        var box = new byte[SealedBox.Overhead + StaticIpIdentity.Size];
        if (!Convert.TryFromBase64String(text, box, out var written) || written != box.Length)
            throw new CryptographicException("not a sealed identity");
        var bytes = SealedBox.Open(recipient, box, Context(address, nodeId));
        try
        {
            return StaticIpIdentity.FromBytes(bytes);
        }
        catch (FormatException e)
        {
            throw new CryptographicException("the sealed identity holds no usable keys", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    // An address has no line feed in it, so no two pairs give the same context.
    private static byte[] Context(IPAddress address, string nodeId) => Encoding.UTF8.GetBytes($"vprox identity\n{address}\n{nodeId}");
}
