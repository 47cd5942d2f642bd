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
            ? new Authorization.Granted(grant.PeerPublicKey, request => new ConnectRequest(request.Key, grant.InnerAddresses, grant.IssuedAt, grant.ExpiresAt))
            : new Authorization.Refused(verdict.Reason);
    }
}
