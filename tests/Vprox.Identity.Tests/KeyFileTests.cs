using System.Security.Cryptography;
using CsCheck;

namespace Vprox.Identity.Tests;

public sealed class KeyFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vprox-identity-");

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_sealing_key_is_made_once_and_only_its_owner_reads_it()
    {
        var path = PathOf("sealing");
        var key = SealingKey.LoadOrCreate(path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(key.PublicKey, SealingKey.LoadOrCreate(path).PublicKey);
        Assert.Single(_directory.GetFiles());
    }

    [Fact]
    public async Task Many_that_make_a_sealing_key_at_once_get_the_same()
    {
        var path = PathOf("race");
        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => SealingKey.LoadOrCreate(path))));
        Assert.Single(keys.Select(key => key.PublicKey).Distinct());
        Assert.Single(_directory.GetFiles());
    }

    [Fact]
    public void A_sealing_key_that_others_may_read_or_of_another_length_is_refused()
    {
        var path = PathOf("open");
        SealingKey.LoadOrCreate(path);
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<InvalidOperationException>(() => SealingKey.LoadOrCreate(path)).Message, StringComparison.Ordinal);
        var torn = PathOf("short");
        WritePrivate(torn, "x");
        Assert.Contains("1 bytes", Assert.Throws<InvalidOperationException>(() => SealingKey.LoadOrCreate(torn)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_encrypt_and_decrypt_with_one_key_and_disturb_nobody()
    {
        using var encryption = new KeyEncryption(RandomNumberGenerator.GetBytes(32));
        Parallel.For(0, 2000, i =>
        {
            var plaintext = BitConverter.GetBytes(i);
            Assert.Equal(plaintext, encryption.Decrypt(encryption.Encrypt(plaintext, $"place {i}"), $"place {i}"));
        });
    }

    [Fact]
    public void A_missing_key_file_is_refused_with_the_command_that_makes_it()
    {
        var e = Assert.Throws<InvalidOperationException>(() => KeyEncryption.FromFile(PathOf("none")));
        Assert.Contains("openssl rand -base64 32", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_must_be_private_and_hold_32_bytes()
    {
        var path = PathOf("key");
        WritePrivate(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n");
        using (KeyEncryption.FromFile(path))
        {
        }
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherRead);
        Assert.Throws<InvalidOperationException>(() => KeyEncryption.FromFile(path));
        var bad = PathOf("bad");
        WritePrivate(bad, "hello");
        Assert.Contains("32 bytes", Assert.Throws<InvalidOperationException>(() => KeyEncryption.FromFile(bad)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_encrypted_is_read_back_in_its_context_only() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Int[0, 10_000]).Sample((plaintext, position) =>
        {
            using var encryption = new KeyEncryption(RandomNumberGenerator.GetBytes(32));
            using var other = new KeyEncryption(RandomNumberGenerator.GetBytes(32));
            var stored = encryption.Encrypt(plaintext, "192.0.2.1");
            Assert.Equal(plaintext, encryption.Decrypt(stored, "192.0.2.1"));
            Assert.Throws<CryptographicException>(() => encryption.Decrypt(stored, "192.0.2.2"));
            Assert.Throws<CryptographicException>(() => other.Decrypt(stored, "192.0.2.1"));
            Assert.Throws<CryptographicException>(() => encryption.Decrypt(stored.AsSpan(0, position % stored.Length), "192.0.2.1"));
            stored[position % stored.Length] ^= 1;
            Assert.Throws<CryptographicException>(() => encryption.Decrypt(stored, "192.0.2.1"));
        }, iter: 300);

    private static void WritePrivate(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
