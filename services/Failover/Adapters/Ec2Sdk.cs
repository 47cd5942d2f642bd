using System.Net;
using Amazon.EC2;
using Amazon.Runtime;

namespace Vprox.Failover.Adapters;

/// <summary>AWSSDK.EC2 as all of Failover uses it, credentials from AWS's default chain.</summary>
public static class Ec2Sdk
{
    /// <summary>
    /// A client that makes every call once: what is throttled or lost is made again by whoever knows what else there is to do, and when.
    /// </summary>
    public static AmazonEC2Client Create(FailoverOptions options)
    {
        var config = new AmazonEC2Config
        {
            Timeout = options.Ec2Timeout,
            ConnectTimeout = TimeSpan.FromSeconds(3),
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 0,
        };
        if (options.Ec2ServiceUrl is not null)
            (config.ServiceURL, config.AuthenticationRegion) = (options.Ec2ServiceUrl, options.Region);
        else
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        return new AmazonEC2Client(config);
    }

    /// <summary>Whether a call ended without an answer: no connection, a time-out, a broken transfer.</summary>
    public static bool IsUnanswered(Exception failed, CancellationToken cancellationToken) =>
        failed is HttpRequestException or AmazonClientException or WebException or TimeoutException or IOException
        || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
