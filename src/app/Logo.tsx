/** The mark: a name line that fades out under a wave of the river Lethe. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
      <rect className="logo__frame" x="2.5" y="2.5" width="19" height="19" rx="5" />
      <path className="logo__line" d="M6.5 8h8" />
      <path className="logo__wave" d="M5.5 14.5c1.6-2 3.3-2 4.9 0s3.3 2 4.9 0 2.3-2 3.2-1.4" />
      <path className="logo__fade" d="M7.5 18h5" />
    </svg>
  );
}
