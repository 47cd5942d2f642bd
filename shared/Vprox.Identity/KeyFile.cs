using System.Security.Cryptography;

namespace Vprox.Identity;

/// <summary>A secret of a fixed length in a file of mode 0600.</summary>
public static class KeyFile
{
    /// <summary>
    /// Reads the secret, or makes a random one there. The file appears whole or not at all, also when the process dies; of two processes that
    /// make it at once both get the same secret.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="size">Bytes.</param>
    /// <exception cref="InvalidOperationException">The file holds another length, or others than its owner may read it.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public static byte[] LoadOrCreate(string path, int size)
    {
        if (!File.Exists(path))
            Create(path, size);
        var bytes = PrivateFile.Read(path);
        return bytes.Length == size
            ? bytes
            : throw new InvalidOperationException($"{path} holds {bytes.Length} bytes; a key has {size}. Remove it to get a new one");
    }

    private static void Create(string path, int size)
    {
        var made = path + "." + Guid.NewGuid().ToString("N");
        PrivateFile.Write(made, RandomNumberGenerator.GetBytes(size));
        try
        {
            File.Move(made, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(made);
        }
    }
}
