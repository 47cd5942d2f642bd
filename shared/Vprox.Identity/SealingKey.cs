using System.Security.Cryptography;
using NSec.Cryptography;

namespace Vprox.Identity;

/// <summary>The X25519 private key of a node: what is sealed to it, only this node opens. It lives in one file of the node.</summary>
public sealed class SealingKey
{
    private const int Size = 32;
    private readonly byte[] _bytes;

    private SealingKey(byte[] bytes)
    {
        _bytes = bytes;
        using var key = Open();
        PublicKey = new SealingPublicKey(key.PublicKey);
    }

    /// <summary>The public half, for NodeJoined.</summary>
    public SealingPublicKey PublicKey { get; }

    /// <summary>A new random key that is kept nowhere.</summary>
    public static SealingKey Generate() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>
    /// Reads the key from a file, or makes one there with mode 0600. The file appears whole or not at all, also when the process dies; of
    /// two processes that make it at once both get the same key.
    /// </summary>
    /// <exception cref="InvalidOperationException">The file holds something else, or others than its owner may read it.</exception>
    public static SealingKey LoadOrCreate(string path) => new(KeyFile.LoadOrCreate(path, Size));

    internal Key Open() => Key.Import(KeyAgreementAlgorithm.X25519, _bytes, KeyBlobFormat.RawPrivateKey);

    /// <summary>Never the key.</summary>
    public override string ToString() => "(sealing key)";
}
