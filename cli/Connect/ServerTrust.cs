using System.Net;
using System.Security.Cryptography.X509Certificates;
using Vprox.Identity;

namespace Vprox.Cli.Connect;

/// <summary>Judges the certificate that a server shows: by the pin given, by the one kept, or, the first time, on trust.</summary>
internal sealed class ServerTrust(IPAddress server, TlsPin? given, KnownServers known)
{
    private readonly TlsPin? _expected = given ?? known.Find(server);
    private TlsPin? _kept;

    /// <summary>The pin of the server that was believed; null before.</summary>
    public TlsPin? Shown { get; private set; }

    /// <summary>Why the last server was not believed; null when it was.</summary>
    public string? Refusal { get; private set; }

    private TlsPin? Expected => _expected ?? _kept;

    /// <summary>Judges a certificate.</summary>
    public bool Trusts(X509Certificate? certificate)
    {
        if (certificate is null)
            return false;
        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        var shown = TlsPin.Of(copy);
        Refusal = Expected is null || Expected.Equals(shown) ? null : Sentence(shown, Expected);
        if (Refusal is null)
            Shown = shown;
        return Refusal is null;
    }

    /// <summary>Keeps what was shown, once the server has taken the password.</summary>
    /// <returns>True when it was new.</returns>
    /// <exception cref="InvalidDataException">Another client was shown another key meanwhile.</exception>
    public async Task<bool> KeepAsync(CancellationToken cancellationToken)
    {
        if (Expected is not null || Shown is null)
            return false;
        await known.KeepAsync(server, Shown, cancellationToken).ConfigureAwait(false);
        _kept = Shown;
        return true;
    }

    private string Sentence(TlsPin shown, TlsPin expected) => given is not null
        ? $"{server} shows the key sha256:{shown}, and --pin says sha256:{expected}. Nothing was sent to it"
        : $"{server} shows another key than before: sha256:{shown} instead of sha256:{expected}. Either somebody is in between, or the server was set up anew; "
            + $"if it was, remove its line from {known.Path}. Nothing was sent to it";
}
