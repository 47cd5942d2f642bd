using System.Security.Cryptography;
using System.Text;

namespace Vprox.Identity;

/// <summary>
/// Encrypts private keys for a database: AES-256-GCM under one key from a file. Form: version, nonce (12), tag (16), ciphertext. The random nonce
/// is safe for 2^32 encryptions under one key (NIST SP 800-38D section 8.3); there are a few thousand. Safe to use from many threads.
/// </summary>
public sealed class KeyEncryption : IDisposable
{
    /// <summary>Bytes of the key.</summary>
    public const int KeySize = 32;

    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int HeaderSize = 1 + NonceSize + TagSize;

    // AesGcm is for one thread at a time: two at once spoil each other's result.
    private readonly Lock _turn = new();
    private readonly AesGcm _aes;

    /// <summary>Takes a key.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public KeyEncryption(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySize)
            throw new ArgumentException($"the key has {KeySize} bytes, not {key.Length}", nameof(key));
        _aes = new AesGcm(key, TagSize);
    }

    /// <summary>Reads the key, 32 random bytes in base64, from a file that only its owner may read.</summary>
    /// <exception cref="InvalidOperationException">No such file, readable by others, or something else in it: a sentence that says what to do.</exception>
    public static KeyEncryption FromFile(string path)
    {
        if (!File.Exists(path))
            throw new InvalidOperationException($"there is no key file {path}. Make one: openssl rand -base64 32 > {path}; chmod 600 {path}");
        var text = Encoding.ASCII.GetString(PrivateFile.Read(path)).Trim();
        var key = new byte[KeySize];
        return text.Length == 44 && Convert.TryFromBase64String(text, key, out var written) && written == KeySize
            ? new KeyEncryption(key)
            : throw new InvalidOperationException($"{path} does not hold {KeySize} bytes in base64. Make one: openssl rand -base64 32 > {path}; chmod 600 {path}");
    }

    /// <summary>Encrypts bytes for one place of the database.</summary>
    /// <param name="plaintext">The private key.</param>
    /// <param name="context">Where it is kept, e.g. its address: decryption needs the same, so rows cannot be swapped.</param>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext, string context)
    {
        var bytes = new byte[HeaderSize + plaintext.Length];
        bytes[0] = Version;
        var nonce = bytes.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        lock (_turn)
            _aes.Encrypt(nonce, plaintext, bytes.AsSpan(HeaderSize), bytes.AsSpan(1 + NonceSize, TagSize), Encoding.UTF8.GetBytes(context));
        return bytes;
    }

    /// <summary>Decrypts what <see cref="Encrypt"/> made.</summary>
    /// <exception cref="CryptographicException">Another key or context, changed, cut short, or of another version.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> bytes, string context)
    {
        if (bytes.Length < HeaderSize || bytes[0] != Version)
            throw new CryptographicException($"not a stored key of version {Version}");
        var plaintext = new byte[bytes.Length - HeaderSize];
        try
        {
            lock (_turn)
            {
                _aes.Decrypt(
                    bytes.Slice(1, NonceSize), bytes[HeaderSize..], bytes.Slice(1 + NonceSize, TagSize), plaintext, Encoding.UTF8.GetBytes(context));
            }
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new CryptographicException("the stored key was encrypted with another key file or for another place, or was changed", e);
        }
        return plaintext;
    }

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();
}
