using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vprox.Addressing;
using Vprox.Cli.Connect;
using Vprox.Identity;

namespace Vprox.Cli.Tests.Connect;

public sealed class ServerTrustTests : IDisposable
{
    private static readonly IPAddress Server = Ipv4.Parse("192.0.2.10");
    private readonly string _folder = Directory.CreateTempSubdirectory("vprox-trust-").FullName;
    private readonly X509Certificate2 _certificate = Certificate();
    private readonly X509Certificate2 _other = Certificate();

    private KnownServers Known => new(Path.Combine(_folder, "known_servers"));

    public void Dispose()
    {
        _certificate.Dispose();
        _other.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_first_key_is_taken_on_trust_and_kept_once_the_server_took_the_password()
    {
        var trust = new ServerTrust(Server, null, Known);
        Assert.True(trust.Trusts(_certificate));
        Assert.Null(Known.Find(Server));
        Assert.True(await trust.KeepAsync(CancellationToken.None));
        Assert.False(await trust.KeepAsync(CancellationToken.None));
        Assert.Equal(TlsPin.Of(_certificate), Known.Find(Server));
        Assert.Equal($"192.0.2.10 sha256:{TlsPin.Of(_certificate)}\n", File.ReadAllText(Known.Path));
    }

    [Fact]
    public async Task From_then_on_no_other_key_is_believed_in_this_run_or_a_later_one()
    {
        var trust = new ServerTrust(Server, null, Known);
        trust.Trusts(_certificate);
        await trust.KeepAsync(CancellationToken.None);
        foreach (var each in (ServerTrust[])[trust, new ServerTrust(Server, null, Known)])
        {
            Assert.False(each.Trusts(_other));
            Assert.Contains("another key than before", each.Refusal, StringComparison.Ordinal);
            Assert.Contains(Known.Path, each.Refusal, StringComparison.Ordinal);
            Assert.True(each.Trusts(_certificate));
            Assert.Null(each.Refusal);
        }
    }

    [Fact]
    public async Task A_pin_given_is_the_only_word_and_is_not_kept()
    {
        await Known.KeepAsync(Server, TlsPin.Of(_other), CancellationToken.None);
        var trust = new ServerTrust(Server, TlsPin.Of(_certificate), Known);
        Assert.True(trust.Trusts(_certificate));
        Assert.False(trust.Trusts(_other));
        Assert.Contains("--pin", trust.Refusal, StringComparison.Ordinal);
        Assert.False(await trust.KeepAsync(CancellationToken.None));
        Assert.Equal(TlsPin.Of(_other), Known.Find(Server));
    }

    [Fact]
    public void A_server_without_a_certificate_is_not_believed() => Assert.False(new ServerTrust(Server, null, Known).Trusts(null));

    [Fact]
    public void A_torn_line_of_the_server_is_no_reason_to_trust_anew()
    {
        File.WriteAllText(Known.Path, "192.0.2.10 sha256:abc\n192.0.2.11 nonsense\n");
        Assert.Throws<InvalidDataException>(() => new ServerTrust(Server, null, Known));
        Assert.Null(Known.Find(Ipv4.Parse("192.0.2.12")));
    }

    [Fact]
    public async Task Keeping_one_server_leaves_the_others_lines_alone()
    {
        File.WriteAllText(Known.Path, "# mine\n192.0.2.11 sha256:x\n");
        await Known.KeepAsync(Server, TlsPin.Of(_certificate), CancellationToken.None);
        await Known.KeepAsync(Server, TlsPin.Of(_certificate), CancellationToken.None);
        Assert.Equal(["# mine", "192.0.2.11 sha256:x", $"192.0.2.10 sha256:{TlsPin.Of(_certificate)}"], File.ReadAllLines(Known.Path));
    }

    [Fact]
    public async Task Of_two_first_keys_at_once_the_second_is_not_believed()
    {
        var (first, second) = (new ServerTrust(Server, null, Known), new ServerTrust(Server, null, Known));
        Assert.True(first.Trusts(_certificate));
        Assert.True(second.Trusts(_other));
        await first.KeepAsync(CancellationToken.None);
        await Assert.ThrowsAsync<InvalidDataException>(() => second.KeepAsync(CancellationToken.None));
        Assert.Equal(TlsPin.Of(_certificate), Known.Find(Server));
    }

    [Fact]
    public async Task Clients_that_begin_at_once_keep_a_line_each()
    {
        var servers = Enumerable.Range(1, 40).Select(host => Ipv4.Parse($"192.0.2.{host}")).ToList();
        await Task.WhenAll(servers.Select(server => Task.Run(() => Known.KeepAsync(server, TlsPin.Of(_certificate), CancellationToken.None))));
        Assert.Equal(servers.Select(server => $"{server} sha256:{TlsPin.Of(_certificate)}").Order(), File.ReadAllLines(Known.Path).Order());
    }

    // modal-labs/vprox has an RSA certificate: its key can be pinned like any other.
    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=vprox", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
