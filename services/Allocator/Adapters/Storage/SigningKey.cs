namespace Vprox.Allocator.Adapters.Storage;

/// <summary>A key that signs grants, encrypted for its id.</summary>
public sealed class SigningKey
{
    public required string KeyId { get; init; }

    public required byte[] EncryptedKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
