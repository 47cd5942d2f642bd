using System.Net.Security;
using Vprox.Identity;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Https;

/// <summary>A static address as HTTPS serves it.</summary>
/// <param name="Placement">Its placement.</param>
/// <param name="Certificate">Over the address's own TLS key, which workers pin.</param>
/// <param name="Grants">Verifies grants for it.</param>
public sealed record ServedAddress(Placement Placement, SslStreamCertificateContext Certificate, GrantVerifier Grants);
