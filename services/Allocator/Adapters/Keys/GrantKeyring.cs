using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Identity;

namespace Vprox.Allocator.Adapters.Keys;

/// <summary>The keys that sign grants: made once, kept encrypted in the database, the same in every replica. The newest signs.</summary>
public sealed class GrantKeyring(AllocatorStore store, KeyEncryption encryption, TimeProvider time) : IDisposable
{
    private GrantSigner? _signer;

    /// <summary>The key that signs. There is none before <see cref="LoadAsync"/>.</summary>
    public GrantSigner Signer => _signer ?? throw new InvalidOperationException("The keys that sign grants have not been loaded.");

    /// <summary>Public keys that nodes shall accept, as JSON Web Keys.</summary>
    public IReadOnlyList<string> PublicKeys { get; private set; } = [];

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var keys = await store.DecideAsync(KeysAsync, cancellationToken);
        var signers = keys.Select(key => GrantSigner.FromPrivateKey(encryption.Decrypt(key.EncryptedKey, Context(key.KeyId)))).ToList();
        PublicKeys = signers.ConvertAll(signer => signer.Jwk);
        _signer = signers[^1];
        foreach (var older in signers[..^1])
            older.Dispose();
    }

    public void Dispose() => _signer?.Dispose();

    private async Task<List<SigningKey>> KeysAsync(AllocatorDbContext database)
    {
        var keys = await database.SigningKeys.OrderBy(key => key.CreatedAt).ThenBy(key => key.KeyId).ToListAsync();
        if (keys.Count > 0)
            return keys;
        using var made = GrantSigner.Generate();
        var key = new SigningKey
        {
            KeyId = made.KeyId,
            EncryptedKey = encryption.Encrypt(made.ExportPrivateKey(), Context(made.KeyId)),
            CreatedAt = time.GetUtcNow(),
        };
        database.SigningKeys.Add(key);
        return [key];
    }

    private static string Context(string keyId) => $"grant {keyId}";
}
