using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vprox.NodeAgent.Https;

/// <summary>
/// The certificate of the node's own addresses, for whoever asks only whether it answers. It is new with each start: nobody pins it, and no client
/// of a static address takes it for that address's.
/// </summary>
public sealed class NodeCertificate
{
    /// <summary>Makes it.</summary>
    public NodeCertificate(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=vprox-node", key, HashAlgorithmName.SHA256);
        var now = time.GetUtcNow();
        Context = SslStreamCertificateContext.Create(request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10)), null, offline: true);
    }

    /// <summary>Ready for handshakes.</summary>
    public SslStreamCertificateContext Context { get; }
}
