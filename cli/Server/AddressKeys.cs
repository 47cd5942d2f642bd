using System.Net;
using System.Security.Cryptography;
using System.Text;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.Cli.Server;

/// <summary>
/// The keys of every address a server may ever serve, from one secret in one file: a restart, and a second host with a copy of the file, show the same
/// identity.
/// </summary>
internal sealed class AddressKeys
{
    /// <summary>The file's name below the server's folder.</summary>
    public const string FileName = "server.key";

    private const int Size = 32;
    private readonly byte[] _secret;

    public AddressKeys(ReadOnlySpan<byte> secret) => _secret = secret.Length == Size
        ? secret.ToArray()
        : throw new ArgumentException($"the secret has {Size} bytes, not {secret.Length}", nameof(secret));

    /// <summary>Reads the secret, or makes it.</summary>
    public static AddressKeys LoadOrCreate(string folder) => new(KeyFile.LoadOrCreate(Path.Combine(folder, FileName), Size));

    /// <summary>The keys of an address: HKDF-SHA256 (RFC 5869) of the secret.</summary>
    public StaticIpIdentity Of(IPAddress address)
    {
        for (var attempt = 0; ; attempt++)
        {
            var bytes = new byte[StaticIpIdentity.Size];
            bytes[0] = 1;
            HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, bytes.AsSpan(1), salt: [], Encoding.UTF8.GetBytes($"vprox identity\n{address}\n{attempt}"));
            try
            {
                return StaticIpIdentity.FromBytes(bytes);
            }
            catch (FormatException)
            {
                // One number in 2^32 is not below P-256's order (RFC 6979, 3.2, step h, goes on in the same way).
            }
            finally
            {
                CryptographicOperations.ZeroMemory(bytes);
            }
        }
    }
}
