using System.Net;
using Vprox.Identity;
using Vprox.NodeAgent.Core.Peers;

namespace Vprox.NodeAgent.Https;

/// <summary>Takes the Allocator's grants, verified offline.</summary>
public sealed class GrantAuthorizer : IConnectAuthorizer
{
    /// <inheritdoc/>
    public async Task<Authorization> AuthorizeAsync(ServedAddress address, string? token)
    {
        var verdict = await address.Grants.VerifyAsync(token).ConfigureAwait(false);
        return verdict.Grant is { } grant
            ? new Authorization.Granted(grant.PeerPublicKey, request => Of(grant, request))
            : new Authorization.Refused(verdict.Reason);
    }

    // A peer that is about to give blocks back names those that it keeps.
    private static ConnectRequest? Of(Grant grant, PeerRequest request)
    {
        var kept = request.ReadInnerAddresses()?.ToList();
        return kept is null || kept.Contains(null)
            ? null
            : new ConnectRequest(request.Key, grant.InnerAddresses, grant.IssuedAt, grant.ExpiresAt).Only([.. kept.OfType<IPAddress>()]);
    }
}
