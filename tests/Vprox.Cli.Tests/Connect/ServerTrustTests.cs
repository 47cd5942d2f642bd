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
    public void The_first_key_is_taken_on_trust_and_kept_once_the_server_took_the_password()
    {
        var trust = new ServerTrust(Server, null, Known);
        Assert.True(trust.Trusts(_certificate));
        Assert.Null(Known.Find(Server));
        Assert.True(trust.Keep());
        Assert.False(trust.Keep());
        Assert.Equal(TlsPin.Of(_certificate), Known.Find(Server));
        Assert.Equal($"192.0.2.10 sha256:{TlsPin.Of(_certificate)}\n", File.ReadAllText(Known.Path));
    }

    [Fact]
    public void From_then_on_no_other_key_is_believed_in_this_run_or_a_later_one()
    {
        var trust = new ServerTrust(Server, null, Known);
        trust.Trusts(_certificate);
        trust.Keep();
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
    public void A_pin_given_is_the_only_word_and_is_not_kept()
    {
        Known.Keep(Server, TlsPin.Of(_other));
        var trust = new ServerTrust(Server, TlsPin.Of(_certificate), Known);
        Assert.True(trust.Trusts(_certificate));
        Assert.False(trust.Trusts(_other));
        Assert.Contains("--pin", trust.Refusal, StringComparison.Ordinal);
        Assert.False(trust.Keep());
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
    public void Keeping_one_server_leaves_the_others_lines_alone()
    {
        File.WriteAllText(Known.Path, "# mine\n192.0.2.11 sha256:x\n");
        Known.Keep(Server, TlsPin.Of(_certificate));
        Known.Keep(Server, TlsPin.Of(_other));
        Assert.Equal(["# mine", "192.0.2.11 sha256:x", $"192.0.2.10 sha256:{TlsPin.Of(_other)}"], File.ReadAllLines(Known.Path));
    }

    // modal-labs/vprox has an RSA certificate: its key can be pinned like any other.
    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=vprox", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
