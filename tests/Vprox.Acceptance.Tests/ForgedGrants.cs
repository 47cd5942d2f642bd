using Microsoft.Data.Sqlite;
using Vprox.Identity;
using Vprox.Lab.Topology;

namespace Vprox.Acceptance.Tests;

/// <summary>Signs grants with the Allocator's own key, for such as it would never issue.</summary>
internal static class ForgedGrants
{
    public static async Task<string> SignAsync(VproxLab lab, Grant grant)
    {
        await using var database = new SqliteConnection($"Data Source={Path.Combine(lab.Control.Directory, "allocator.db")};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT KeyId, EncryptedKey FROM SigningKeys";
        await using var rows = await command.ExecuteReaderAsync();
        Assert.True(await rows.ReadAsync(), "the Allocator has no signing key");
        using var encryption = KeyEncryption.FromFile(Path.Combine(lab.Control.Directory, "allocator.key"));
        using var signer = GrantSigner.FromPrivateKey(encryption.Decrypt(rows.GetFieldValue<byte[]>(1), $"grant {rows.GetString(0)}"));
        return signer.Sign(grant);
    }
}
