using System.Net;
using Vprox.NodeAgent.Core.Metadata;

namespace Vprox.NodeAgent.Adapters.Imds;

public sealed partial class MetadataReader
{
    /// <summary>
    /// Reads only what awaited addresses depend on: the addresses of their ENIs, and of those that have come the public address. One request for an
    /// ENI on which nothing has happened.
    /// </summary>
    /// <exception cref="ImdsUnavailableException">The reading is not complete, or contradicts itself.</exception>
    public async Task<MetadataSnapshot> GlanceAsync(IReadOnlyList<AwaitedAddress> awaited, CancellationToken cancellationToken)
    {
        if (_last is not { } last)
            return await ReadAsync(cancellationToken).ConfigureAwait(false);
        var known = last.NetworkInterfaces.Select(eni => eni.NetworkInterfaceId).ToHashSet();
        var interfaces = await Task.WhenAll(last.NetworkInterfaces.Select(eni =>
        {
            // One that shall come to an ENI unknown here may come to any.
            var its = awaited.Where(each => each.NetworkInterfaceId == eni.NetworkInterfaceId || !known.Contains(each.NetworkInterfaceId)).ToList();
            return its.Count > 0 ? GlanceAsync(eni, its, cancellationToken) : Task.FromResult(eni);
        })).ConfigureAwait(false);
        return _last = last with { NetworkInterfaces = interfaces, ReadAt = time.GetUtcNow() };
    }

    private async Task<NetworkInterfaceMetadata> GlanceAsync(NetworkInterfaceMetadata eni, List<AwaitedAddress> awaited, CancellationToken cancellationToken)
    {
        var path = Path(eni.MacAddress, "local-ipv4s");
        var local = MetadataText.Addresses(path, await imds.GetAsync(path, cancellationToken).ConfigureAwait(false));
        if (local.Count == 0)
            throw new ImdsUnavailableException($"IMDS shows no addresses of {eni.MacAddress}, which it did before");
        var here = local.ToHashSet();
        var associations = eni.PublicAddresses.Where(pair => here.Contains(pair.Key)).ToDictionary();
        var come = awaited.Where(each => !each.Leaves && here.Contains(each.PrivateAddress)).ToList();
        var found = await Task.WhenAll(come.Select(each => PrivateAddressAsync(eni, each.Address, cancellationToken))).ConfigureAwait(false);
        foreach (var (each, privateAddress) in come.Zip(found).Where(pair => pair.First.PrivateAddress.Equals(pair.Second)))
            associations[each.PrivateAddress] = each.Address;
        var seen = eni with { PrimaryAddress = local[0], SecondaryAddresses = [.. local.Skip(1)], PublicAddresses = associations };
        if (seen.ShowsTheSameAs(eni))
            return eni;
        // Somebody else's public address may be on one that came without its own: only the whole list tells.
        // One that has not shown its device number yet is not remembered, and ENIs are looked at side by side: nothing is added here.
        var isKnown = _known.TryGetValue(eni.MacAddress, out var known);
        known ??= new Eni(eni.NetworkInterfaceId, eni.SubnetId, eni.Subnet, eni.DeviceNumber);
        var whole = known with { Texts = "", PublicAddresses = associations };
        if (come.Any(each => !associations.ContainsKey(each.PrivateAddress)))
            whole = await WithAssociationsAsync(whole, eni.MacAddress, "", null, cancellationToken).ConfigureAwait(false) with { Texts = "" };
        if (isKnown)
            _known[eni.MacAddress] = whole;
        return seen with { PublicAddresses = whole.PublicAddresses };
    }

    private async Task<IPAddress?> PrivateAddressAsync(NetworkInterfaceMetadata eni, IPAddress publicAddress, CancellationToken cancellationToken)
    {
        var path = Path(eni.MacAddress, "ipv4-associations/" + publicAddress);
        return await imds.GetAsync(path, cancellationToken).ConfigureAwait(false) is { } text ? MetadataText.Address(path, text.Trim()) : null;
    }
}
