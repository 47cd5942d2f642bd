using System.Security.Cryptography;
using Vprox.Addressing;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Identity;

namespace Vprox.Allocator.Adapters.Keys;

/// <summary>The identities of static addresses: made when an address enters the pool, encrypted at rest, sealed to a node when they travel.</summary>
public sealed class StoredIdentities(KeyEncryption encryption)
{
    /// <summary>A row for a new address of the pool, with new keys.</summary>
    public StaticAddress Make(string address, string region, string allocationId, int slot)
    {
        var identity = StaticIpIdentity.Generate();
        var bytes = identity.ToBytes();
        try
        {
            return new StaticAddress
            {
                Address = address,
                Region = region,
                AllocationId = allocationId,
                Slot = slot,
                EncryptedIdentity = encryption.Encrypt(bytes, Context(address)),
                ServerPublicKey = identity.ServerPublicKey.ToString(),
                TlsPin = identity.TlsPin.ToString(),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The address's keys, sealed to the node.</summary>
    public string SealFor(StaticAddress address, Node node)
    {
        var bytes = encryption.Decrypt(address.EncryptedIdentity, Context(address.Address));
        try
        {
            return SealedIdentity.Seal(bytes, SealingPublicKey.Parse(node.SealingPublicKey), Ipv4.Parse(address.Address), node.NodeId);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static string Context(string address) => $"identity {address}";
}
